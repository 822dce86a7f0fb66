import { expect, test } from 'vitest';
import type { JobState } from '../api/types';
import { type ChosenJob, takes } from './offers';

const job = (state: JobState, paused = false, failed = 0) =>
  ({ state, paused, tasks: { failed } }) as unknown as ChosenJob;

test.each(['completed', 'partial', 'failed', 'cancelled'] as const)(
  'a job that is %s cannot be paused or resumed',
  state => {
    for (const paused of [false, true])
      for (const action of ['pause', 'resume', 'priority', 'cancel'] as const)
        expect(takes(job(state, paused), action)).toBe(false);
    expect(takes(job(state), 'delete')).toBe(true);
  },
);

test('a job that runs is paused, one that is paused is resumed, and failures are retried', () => {
  expect([takes(job('running'), 'pause'), takes(job('running'), 'resume')]).toEqual([true, false]);
  expect([takes(job('running', true), 'pause'), takes(job('running', true), 'resume')]).toEqual([false, true]);
  expect([takes(job('failed', false, 1), 'retry'), takes(job('completed'), 'retry')]).toEqual([true, false]);
});
