import { expect, test } from 'vitest';
import { tookOf } from './took';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000).toISOString();

test.each([
  ['a job that ran to its end', 60, 55_000, false],
  ['calls that overlapped', 60, 240_000, false],
  ['a short job that rested before a retry', 8, 500, true],
  ['a job of moments', 1.2, 300, false],
  ['one that was tried again the next day', 86_400, 55_000, true],
  ['one of which no call was counted', 86_400, 0, false],
])('%s', (_, seconds, processing_ms, idle) => {
  const job = { started_at: at(0), finished_at: at(seconds), processing_ms };
  expect(tookOf(job)).toEqual({ seconds, calls: processing_ms / 1000, idle });
});

test('a job that has not ended took nothing yet', () => {
  expect(tookOf({ started_at: at(0), finished_at: null, processing_ms: 1 })).toBeUndefined();
});
