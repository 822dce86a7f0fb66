import type { Search } from '../../app/search';
import { writeFilter } from '../../filter/parse';
import type { Bulk } from './queries';

/** The page of jobs with this filter; nothing for a list of ids, which no address can hold. */
export function jobsSearch(filter: Bulk['filter']): Search | undefined {
  if (filter.ids?.length) return undefined;
  return Object.fromEntries(members(filter));
}

/** The filter as it is written in the field of the page of jobs. */
export function filterWords(filter: Bulk['filter']): string {
  const found = Object.fromEntries(members(filter));
  const names = Object.keys(found);
  return writeFilter(found, { names, text: 'name' });
}

function members(filter: Bulk['filter']): [string, string][] {
  return Object.entries(filter)
    .filter(([name, value]) => name !== 'ids' && value !== null && value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]);
}
