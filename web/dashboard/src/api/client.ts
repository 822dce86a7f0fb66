import { StashClient } from '@stashai/client';
import { serverBase } from './base';

/**
 * The page's client. Its types come from the server's own description of the API: `client.request('/api/jobs/{id}', 'get', { path: { id } })`
 * calls any route, and `client.jobs`, `tasks`, `services`, `people`, `bulk`, `schedules` and `keys` have the usual calls.
 */
export const client = new StashClient({
  baseUrl: serverBase(),
  maxRetries: 1,
  pollInterval: 5000,
  // A page that was left open overnight goes on by itself, however long the server was away.
  watchPatience: Number.POSITIVE_INFINITY,
});
