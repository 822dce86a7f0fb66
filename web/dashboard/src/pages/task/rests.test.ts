import { expect, test } from 'vitest';
import { restsOf } from './rests';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000).toISOString();
const attempt = (from: number, to: number) => ({ started_at: at(from), finished_at: at(to) });

test('a task rested between the end of an attempt and the start of the next', () => {
  const attempts = [attempt(0, 1), attempt(13, 14), attempt(14, 15)];
  expect(restsOf({ state: 'completed', started_at: at(14), attempts })).toEqual([12, 0, undefined]);
});

test('the attempt that runs ends a rest too; one that is only planned does not', () => {
  const attempts = [attempt(0, 1)];
  expect(restsOf({ state: 'running', started_at: at(31), attempts })).toEqual([30]);
  expect(restsOf({ state: 'scheduled', started_at: at(0), attempts })).toEqual([undefined]);
  expect(restsOf({ state: 'running', started_at: at(0), attempts: [] })).toEqual([]);
});

test('an attempt whose times are not known is followed by no rest', () => {
  const attempts = [{ started_at: null, finished_at: null }, attempt(5, 6)];
  expect(restsOf({ state: 'failed', started_at: at(5), attempts })).toEqual([undefined, undefined]);
});
