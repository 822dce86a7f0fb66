import { parseSearch, type Search } from '../app/search';
import { type FilterRule, pickFilter } from '../filter/parse';
import { jobRule } from '../pages/jobs/rule';
import { tasksRule } from '../pages/tasks/rule';

/**
 * What a page asks the API for first, as the client writes it: `addresses.test.ts` compares the two. An address that nobody asks for later
 * would be a request in vain.
 * @param place the path of the page below `/dashboard`.
 * @param query the query of the page, with its `?`.
 */
export function aheadOf(place: string, query: string): string[] {
  const search = parseSearch(query);
  const [, room, id, more] = place.split('/');
  if (more) return [];
  if (room === 'jobs' && id) return [`api/jobs/${id}`];
  // Another order is another request, which the page makes itself.
  if (room === 'jobs') return search.sort ? [] : [`api/jobs?${listQuery(search, jobRule)}`];
  if (room === 'tasks' && id) return [`api/tasks/${id}`];
  if (room === 'tasks') return [`api/tasks?${listQuery(search, tasksRule)}`];
  return [];
}

function listQuery(search: Search, rule: FilterRule): string {
  return new URLSearchParams({ ...pickFilter(search, rule), limit: '100' }).toString();
}
