import type { SubmitOptions } from '@stashai/client';
import type { Field } from '../../schema/schema';

/** What stands in the fields of the job. */
export interface OptionTexts {
  readonly tags: string;
  readonly priority: string;
  readonly max_parallel: string;
  readonly max_retries: string;
  /** As the browser's field for a local time has it. */
  readonly start_at: string;
}

export const noOptions: OptionTexts = {
  tags: '',
  priority: '',
  max_parallel: '',
  max_retries: '',
  start_at: '',
};

export type Counted = 'priority' | 'max_parallel' | 'max_retries';
export const bounds: Record<Counted, readonly [number, number]> = {
  priority: [0, 9],
  max_parallel: [1, 100_000],
  max_retries: [0, 100],
};

/** Keys of a configuration that are fields of the job, or belong to single items. */
export const jobKeys = [
  'job_name',
  'user_id',
  'session_id',
  'priority',
  'batch_size',
  'max_parallel',
  'max_retries',
  'start_at',
  'deadline',
  'tags',
  'item_ids',
  'additional_params',
];

/** How many fields of the service's configuration and of the job somebody filled in. */
export function filledCount(fields: readonly Field[], config: Readonly<Record<string, string>>, options: OptionTexts) {
  return [...fields.map(one => config[one.name] ?? ''), ...Object.values<string>({ ...options })].filter(
    text => text.trim() !== '',
  ).length;
}

/** The fields that are no whole numbers within their bounds. */
export function faultsOf(texts: OptionTexts): Counted[] {
  return (Object.keys(bounds) as Counted[]).filter(name => {
    const [least, most] = bounds[name];
    const text = texts[name].trim();
    const number = Number(text);
    return text !== '' && !(Number.isInteger(number) && number >= least && number <= most);
  });
}

export function optionsOf(name: string, texts: OptionTexts): SubmitOptions {
  const number = (text: string) => (text.trim() === '' ? undefined : Number(text));
  const tags = texts.tags
    .split(',')
    .map(tag => tag.trim())
    .filter(tag => tag !== '');
  return {
    name: name.trim() || undefined,
    tags: tags.length > 0 ? tags : undefined,
    priority: number(texts.priority),
    maxParallel: number(texts.max_parallel),
    maxRetries: number(texts.max_retries),
    startAt: texts.start_at === '' ? undefined : new Date(texts.start_at),
  };
}
