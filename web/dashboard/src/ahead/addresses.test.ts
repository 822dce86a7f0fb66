import { StashClient } from '@stashai/client';
import { expect, test } from 'vitest';
import { pickFilter } from '../filter/parse';
import { jobRule } from '../pages/jobs/rule';
import { tasksRule } from '../pages/tasks/rule';
import { aheadOf } from './addresses';

/** What the client asks for, below the address of the server. */
async function askedBy(act: (client: StashClient) => Promise<unknown>): Promise<string> {
  let asked = '';
  const client = new StashClient({
    baseUrl: 'http://a/stashai/',
    fetch: input => {
      asked = String(input).slice('http://a/stashai/'.length);
      return Promise.resolve(Response.json({}));
    },
  });
  await act(client);
  return asked;
}

const search = { state: 'failed,partial', name: 'two wörds & more', tab: 'x' };
const query = `?${new URLSearchParams(search)}`;
const id = '01a22b06-04e6-708b-89c4-54e066000000';

test.each([
  ['/jobs', '', (client: StashClient) => client.request('/api/jobs', 'get', { query: { limit: 100 } })],
  [
    '/jobs',
    query,
    (client: StashClient) =>
      client.request('/api/jobs', 'get', { query: { ...pickFilter(search, jobRule), limit: 100 } as object }),
  ],
  [
    '/tasks/',
    query,
    (client: StashClient) =>
      client.request('/api/tasks', 'get', { query: { ...pickFilter(search, tasksRule), limit: 100 } as object }),
  ],
  [`/jobs/${id}`, '?tab=tasks', (client: StashClient) => client.jobs.get(id)],
  [`/tasks/${id}`, '', (client: StashClient) => client.tasks.get(id, {})],
] as const)('%s%s asks ahead for what its page asks for', async (place, query, act) => {
  expect(aheadOf(place, query)).toEqual([await askedBy(act)]);
});

test.each([
  ['', ''],
  ['/', ''],
  ['/settings', ''],
  ['/jobs', '?sort=name'],
  [`/jobs/${id}/unknown`, ''],
])('%s%s asks for nothing but who is there', (place, query) => {
  expect(aheadOf(place, query)).toEqual([]);
});
