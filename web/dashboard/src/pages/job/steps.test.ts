import { expect, test } from 'vitest';
import { barsOf, restsOf } from './steps';

const step = (second: number, completed = 1, failed = 0) => ({
  at: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
  completed,
  failed,
});

test('what the answer leaves out are empty bars', () => {
  const { bars, seconds } = barsOf([step(0, 3), step(6, 1, 2)], 2);
  expect(seconds).toBe(2);
  expect(bars.map(bar => [bar.completed, bar.failed])).toEqual([
    [3, 0],
    [0, 0],
    [0, 0],
    [1, 2],
  ]);
});

test('however long a job was, it has few bars, and none of its tasks is lost', () => {
  for (const count of [1, 2, 119, 120, 121, 500, 5000]) {
    const { bars } = barsOf(
      Array.from({ length: count }, (_, at) => step(at * 2, 2, 1)),
      2,
    );
    expect(bars.length).toBeLessThanOrEqual(120);
    expect(bars.reduce((sum, bar) => sum + bar.completed + bar.failed, 0)).toBe(3 * count);
  }
});

test('nothing has no bars', () => {
  expect(barsOf([], 1).bars).toEqual([]);
});

test('a long rest between is told, and the usual pauses are not', () => {
  // Three minutes of work, five of nothing, then a retry.
  expect(restsOf([step(0), step(90), step(170), step(480)], 10)).toEqual([{ at: step(180).at, seconds: 300 }]);
  expect(restsOf([step(0), step(50)], 10)).toEqual([]);
  expect(restsOf([step(0), step(100), step(200), step(300), step(400), step(500)], 10)).toEqual([]);
  expect(restsOf([], 10)).toEqual([]);
});
