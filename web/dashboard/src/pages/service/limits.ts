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

/** What begins as no hours do, such as `7am-11pm`: days, or a time with a colon. The server checks the rest. */
const hours = /^([a-z]{2,9}([-,\s]+[a-z]{2,9})*[\s,]+)?\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d/i;

/**
 * Hours that somebody typed without a time zone are those of the browser: the server would take them for UTC. What are no hours stays for it to
 * refuse.
 */
function withZone(hours: string, zone: string): string {
  return /\d:\d\d$/.test(hours) ? `${hours} ${zone}` : hours;
}

/** What `PATCH` gets: the fields that differ, null for an empty one. Fields that are no numbers are named. */
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
      if (text !== '' && !hours.test(text)) faults.push(name);
      else change.allowed_hours = text === '' ? null : withZone(text, zone);
      continue;
    }
    const number = text === '' ? null : Number(text.replace(',', '.'));
    if (number !== null && !Number.isFinite(number)) faults.push(name);
    else change[name] = number;
  }
  return { change, faults };
}
