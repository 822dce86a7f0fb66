import { expect, test } from 'vitest';
import type { Job, TaskState } from '../../api/types';
import { countsOf } from './counts';

const tasks = (completed: number, failed: number, cancelled = 0) =>
  ({ completed, failed, cancelled }) as unknown as Job['tasks'];
const page = (states: readonly TaskState[], total = states.length, next: string | null = null, total_is_exact = true) =>
  ({ data: states.map(state => ({ state })), total, total_is_exact, next }) as Parameters<typeof countsOf>[0][number];

test('while the job goes on, the entries of the list are counted, not those that came since', () => {
  expect(countsOf([page(['completed', 'completed', 'completed'])], tasks(10, 1))).toEqual({ results: 3, without: 0 });
  expect(countsOf([page(['completed', 'failed'], 3, 'a'), page(['cancelled'], 3)], tasks(600, 58))).toEqual({
    results: 1,
    without: 2,
  });
});

test('after a retry the list still has what it shows', () => {
  expect(countsOf([page(['completed', 'failed'])], tasks(1, 0))).toEqual({ results: 1, without: 1 });
});

test('of a list that is read in part the job says it, as long as it is as long as the list', () => {
  expect(countsOf([page(['failed'], 664, 'a')], tasks(600, 60, 4))).toEqual({ results: 600, without: 64 });
  expect(countsOf([page(['failed'], 6, 'a')], tasks(600, 60, 4))).toBeUndefined();
  expect(countsOf([page([], 5000, 'a', false)], tasks(5000, 0))).toBeUndefined();
  expect(countsOf([], tasks(0, 0))).toBeUndefined();
});
