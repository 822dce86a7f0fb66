import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { Job, Service } from '../api/types';
import { applyJobs, type LiveList, withJobs, withServices } from './apply';

const job = (id: string, version = 1, created = `2030-01-01T00:00:0${id}Z`) =>
  ({ id, version, created_at: created }) as Job;
const list: LiveList = { data: [job('2', 5), job('1', 3)], next: null, total: 2, total_is_exact: true, arrived: [] };

test('a newer state replaces the known one in its place, an older one does not', () => {
  const next = withJobs(list, [job('1', 4), job('2', 4)], [], []);
  expect(next.data.map(one => [one.id, one.version])).toEqual([
    ['2', 5],
    ['1', 4],
  ]);
  expect(next.arrived).toEqual([]);
});

test('new jobs come first, the newest first, and are counted', () => {
  const next = withJobs(list, [job('3'), job('4')], [], []);
  expect(next.data.map(one => one.id)).toEqual(['4', '3', '2', '1']);
  expect(next.arrived).toEqual(['4', '3']);
  expect(next.total).toBe(4);
});

test('a page that stays open keeps a bounded number of new jobs, and counts all of them once', () => {
  const id = (at: number) => `3${String(at).padStart(6, '0')}`;
  let now = list;
  for (let at = 0; at < 5000; at++) {
    now = withJobs(now, [job(id(at), 1, '')], [], []);
    now = withJobs(now, [job(id(at), 2, '')], [], []);
  }
  expect(now.data.length).toBe(502);
  expect(now.arrived.length + now.missed!).toBe(5000);
  expect(now.total).toBe(5002);
});

test('jobs that left or are gone go, known or not', () => {
  const next = withJobs(list, [], [job('2', 6)], ['9']);
  expect(next.data.map(one => one.id)).toEqual(['1']);
  expect(next.total).toBe(1);
});

test('services are replaced by name', () => {
  const service = (name: string, running = 0) => ({ name, running }) as Service;
  const page = withServices(undefined, {
    kind: 'page',
    services: [service('b', 1), service('c')],
    everything_paused: false,
  });
  const next = withServices(page, {
    kind: 'changes',
    services: [service('b', 2), service('a')],
    removed: ['c'],
    everything_paused: true,
    everything_paused_until: '2026-01-02T07:00:00Z',
  });
  expect(next).toEqual({
    services: [service('a'), service('b', 2)],
    everything_paused: true,
    everything_paused_until: '2026-01-02T07:00:00Z',
  });
});

test('the page of a job takes newer states from any list, and no older ones', () => {
  const queries = new QueryClient();
  queries.setQueryData(['job', '1'], { ...job('1', 3), eta_seconds: 9 });
  applyJobs(queries, 'jobs:', { kind: 'changes', jobs: [job('1', 2)], left: [], removed: [] });
  expect(queries.getQueryData(['job', '1'])).toMatchObject({ version: 3 });
  applyJobs(queries, 'jobs:', { kind: 'changes', jobs: [], left: [job('1', 4)], removed: [] });
  expect(queries.getQueryData(['job', '1'])).toMatchObject({ version: 4, eta_seconds: 9 });
});
