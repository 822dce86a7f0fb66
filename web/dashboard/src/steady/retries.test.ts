import { expect, test } from 'vitest';
import { endOfRetry, noteRetry, retriableJob, retriableTask } from './retries';

const job = (version: number, state: string, failed: number) =>
  retriableJob({ id: 'a', version, state, tasks: { failed } });

test('the end of a retry says once how many failed again', () => {
  expect(endOfRetry(job(5, 'failed', 3))).toBeUndefined();
  noteRetry(job(5, 'failed', 3), 2);
  // The state from before the retry is no end of it.
  expect(endOfRetry(job(5, 'failed', 3))).toBeUndefined();
  expect(endOfRetry(job(6, 'running', 1))).toBeUndefined();
  expect(endOfRetry(job(8, 'partial', 2))).toBe(1);
  expect(endOfRetry(job(9, 'partial', 2))).toBeUndefined();
});

test('a retry that went well has nothing to say, and neither has one of no task', () => {
  noteRetry(job(1, 'failed', 1), 1);
  expect(endOfRetry(job(3, 'completed', 0))).toBe(0);
  noteRetry(job(3, 'failed', 1), 0);
  expect(endOfRetry(job(4, 'failed', 1))).toBeUndefined();
});

test('a task that was cancelled and retried may fail, too', () => {
  const task = (version: number, state: string) => retriableTask({ id: 't', version, state });
  noteRetry(task(2, 'cancelled'), 1);
  expect(endOfRetry(task(3, 'scheduled'))).toBeUndefined();
  expect(endOfRetry(task(4, 'failed'))).toBe(1);
});
