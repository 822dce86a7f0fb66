import { expect, test } from 'vitest';
import { afterEstimate } from './readiness';

const at = Date.parse('2026-11-30T12:00:00Z');
const job = (running: number) => ({ eta_at: '2026-11-30T12:00:00Z', tasks: { running } });

test.each([
  [0, -1, undefined],
  [2, -1, undefined],
  [2, 0, 'soon'],
  [0, 0, 'stillWaits'],
  [0, 60_000, 'stillWaits'],
] as const)('a job with %i running tasks, %i ms after its estimate: %s', (running, after, expected) => {
  expect(afterEstimate(job(running), at + after)).toBe(expected);
});

test('a job without an estimate has nothing to say of it', () => {
  expect(afterEstimate({ eta_at: null, tasks: { running: 0 } }, at)).toBeUndefined();
});
