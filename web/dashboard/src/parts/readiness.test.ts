import { expect, test } from 'vitest';
import type { Services } from '../api/types';
import { afterEstimate, isStopped } from './readiness';

const at = Date.parse('2026-11-30T12:00:00Z');
const job = (running: number) => ({ eta_at: '2026-11-30T12:00:00Z', tasks: { running } });

test.each([
  [0, -1, undefined],
  [2, -1, undefined],
  [2, 0, 'soon'],
  [0, 0, 'whenTurn'],
  [0, 60_000, 'whenTurn'],
] as const)('a job with %i running tasks, %i ms after its estimate: %s', (running, after, expected) => {
  expect(afterEstimate(job(running), at + after)).toBe(expected);
});

test('a job without an estimate has nothing to say of it', () => {
  expect(afterEstimate({ eta_at: null, tasks: { running: 0 } }, at)).toBeUndefined();
});

test.each([
  [false, false, false, false],
  [true, false, false, true],
  [false, true, false, true],
  [false, false, true, true],
])(
  'while the job (%s), its service (%s) or everything (%s) is paused, no clock runs',
  (paused, service, all, expected) => {
    const services = {
      everything_paused: all,
      services: [
        { name: 'other', paused: true },
        { name: 'echo', paused: service },
      ],
    } as unknown as Services;
    expect(isStopped({ paused, service: 'echo' }, services)).toBe(expected);
    expect(isStopped({ paused: false, service: 'unknown' }, undefined)).toBe(false);
  },
);
