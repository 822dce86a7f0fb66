import { expect, test } from 'vitest';
import { aloneIn, columnsOf, isEmpty, lastOf } from './series';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const series = (from: number, to: number, points: { at: string; completed?: number; p50_ms?: number | null }[]) => ({
  from: at(from),
  to: at(to),
  step: 60,
  service: null,
  points,
});

test('steps without anything are zeros for counts and gaps for times', () => {
  const columns = columnsOf(series(0, 240, [{ at: at(60), completed: 30, p50_ms: 200 }]), ['completed', 'p50_ms']);
  expect(columns).toEqual([
    [0, 60, 120, 180],
    [0, 30, 0, 0],
    [null, 200, null, null],
  ]);
});

test('the first step begins within the range, and the last counts for the seconds that it has', () => {
  const columns = columnsOf(series(10, 150, [{ at: at(120), completed: 10 }]), ['completed']);
  expect(columns).toEqual([
    [60, 120],
    [0, 20],
  ]);
});

test('a step that has hardly begun is left out', () => {
  expect(columnsOf(series(0, 65, []), ['completed'])[0]).toEqual([0]);
});

test('nothing to draw', () => {
  expect(isEmpty([[1], [0], [null]])).toBe(true);
  expect(isEmpty([[1], [0], [5]])).toBe(false);
  expect(lastOf([1, null])).toBe(1);
  expect(lastOf([null])).toBeNull();
});

test('values that no line goes through', () => {
  expect(aloneIn([1, null, 2, 3, null, 4, null, null, 5])).toEqual([0, 5, 8]);
  expect(aloneIn([])).toEqual([]);
});
