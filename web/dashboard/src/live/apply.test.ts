import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { applyMessage, type LiveList, withJobs } from './apply';

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

test('jobs that left or are gone go, known or not', () => {
  const next = withJobs(list, [], [job('2', 6)], ['9']);
  expect(next.data.map(one => one.id)).toEqual(['1']);
  expect(next.total).toBe(1);
});

test('services are replaced by name', () => {
  const client = new QueryClient();
  const message = (type: string, services: object[], removed: string[] = []) =>
    applyMessage(client, { type, timestamp: '', services, removed, everything_paused: false });
  message('services', [{ name: 'b', running: 1 }, { name: 'c' }]);
  message('services_changed', [{ name: 'b', running: 2 }, { name: 'a' }], ['c']);
  expect(client.getQueryData(['services'])).toEqual({
    services: [{ name: 'a' }, { name: 'b', running: 2 }],
    everything_paused: false,
  });
});
