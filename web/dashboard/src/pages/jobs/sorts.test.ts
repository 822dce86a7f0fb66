import { expect, test } from 'vitest';
import { columnSort, sortOf, sorts } from './sorts';

const t = ((key: string) => key) as Parameters<typeof columnSort>[2];

test('a click on a head sorts by it, another one goes back', () => {
  const asked: unknown[] = [];
  columnSort('failed', undefined, t, sort => asked.push(sort))!.onChoose();
  columnSort('failed', '-failed', t, sort => asked.push(sort))!.onChoose();
  expect(asked).toEqual(['-failed', undefined]);
  expect(columnSort('owner', undefined, t, () => {})).toBeUndefined();
});

test('one head says how the list is sorted', () => {
  for (const chosen of [undefined, ...(Object.keys(sorts) as (keyof typeof sorts)[])]) {
    const columns = ['age', 'failed', 'priority', 'progress', 'name'];
    const marked = columns.filter(column => columnSort(column, chosen, t, () => {})!.direction !== undefined);
    expect(marked).toEqual([chosen ? sorts[chosen].column : 'age']);
  }
});

test('an order that nobody knows is the usual one', () => {
  expect(sortOf('toString')).toBeUndefined();
  expect(sortOf(undefined)).toBeUndefined();
  expect(sortOf('-progress')).toBe('-progress');
});
