import { StashClient } from '@stashai/client';
import { withAhead } from '../ahead/ahead';
import { contact } from '../live/contact';
import { tabs } from '../live/tabs';
import { serverBase } from './base';
import { Hold } from './hold';
import { noting } from './noting';

const noted = noting((input, init) => globalThis.fetch(input, init), {
  answered: hasAnswered => contact.note(hasAnswered),
  changed: tabs.tell,
});
const hold = new Hold(withAhead(noted));

/**
 * The page's client. Its types come from the server's own description of the API: `client.request('/api/jobs/{id}', 'get', { path: { id } })`
 * calls any route, and `client.jobs`, `tasks`, `services`, `people`, `bulk`, `schedules` and `keys` have the usual calls.
 */
export const client = new StashClient({
  baseUrl: serverBase(),
  fetch: hold.fetch,
  maxRetries: 1,
  pollInterval: 5000,
  // A page that was left open overnight goes on by itself, however long the server was away.
  watchPatience: Number.POSITIVE_INFINITY,
});

/** A client whose requests are never held. */
const free = new StashClient({ baseUrl: serverBase(), maxRetries: 1 });

/**
 * Changes who the caller is. The requests of the page wait meanwhile: in between, the server would refuse them, and the page ask for a login.
 */
export function asSomebodyElse<T>(act: (client: StashClient) => Promise<T>): Promise<T> {
  return hold.during(() => act(free));
}
