import type { Schemas } from '../../api/types';

type Values = Schemas['LimitValues'];
export type LimitName = keyof Values;
export const limitNames: readonly LimitName[] = ['max_parallel', 'rate', 'burst', 'allowed_hours'];
export type LimitTexts = Readonly<Record<LimitName, string>>;

/** What stands in the fields: only what a person has set. */
export function textsOf(set: Values): LimitTexts {
  const text = (value: string | number | null) => (value === null ? '' : String(value));
  return {
    max_parallel: text(set.max_parallel),
    rate: text(set.rate),
    burst: text(set.burst),
    allowed_hours: text(set.allowed_hours),
  };
}

/** Hours with the time zone of whoever typed them, where they name none: the server would read them as UTC. */
function withZone(hours: string, zone: string): string {
  return /\d:\d\d$/.test(hours) ? `${hours} ${zone}` : hours;
}

/**
 * What `PATCH` gets: the fields that differ, null for an empty one. Fields that are no numbers are named.
 * @param zone The time zone of hours that name none.
 */
export function changeOf(
  set: Values,
  texts: LimitTexts,
  zone: string,
): { change: Partial<Values>; faults: LimitName[] } {
  const before = textsOf(set);
  const change: Partial<Values> = {};
  const faults: LimitName[] = [];
  for (const name of limitNames) {
    const text = texts[name].trim();
    if (text === before[name]) continue;
    if (name === 'allowed_hours') {
      change.allowed_hours = text === '' ? null : withZone(text, zone);
      continue;
    }
    const number = text === '' ? null : Number(text.replace(',', '.'));
    if (number !== null && !Number.isFinite(number)) faults.push(name);
    else change[name] = number;
  }
  return { change, faults };
}
