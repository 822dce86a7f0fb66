import { expect, test } from 'vitest';
import { secondsToLate } from './eta';

const answer = Date.UTC(2030, 0, 31, 8, 0, 0);
const job = { eta_at: new Date(answer + 6_000).toISOString(), eta_seconds: 6, eta_p90_seconds: 9.4 };

test('the late estimate counts down with the other one, never below it or nothing', () => {
  expect([0, 3_000, 9_000, 60_000].map(later => secondsToLate(job, answer + later))).toEqual([9, 6, 0, 0]);
});

test('a job without an estimate has no late one', () => {
  expect(secondsToLate({ ...job, eta_p90_seconds: null }, answer)).toBeUndefined();
});
