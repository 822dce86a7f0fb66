import { expect, test } from 'vitest';
import { mayFollow } from './mayFollow';

const rows = (...states: string[]) => states.map(state => ({ state }) as never);

test.each([
  ['nothing is there yet', [], 0, false],
  ['the first comes to an empty list', [], 1, true],
  ['only failures are shown, and results come', ['failed', 'cancelled'], 6, true],
  ['only failures are shown, and nothing comes', ['failed'], 1, false],
  ['a result is shown', ['failed', 'completed'], 6, false],
])('when %s, what is new is shown at once or waits', (_, states, over, may) => {
  expect(mayFollow({ rows: rows(...states), over })).toBe(may);
});

test('a list that is read for the first time is not read again for that', () => {
  expect(mayFollow({ rows: undefined, over: 3 })).toBe(false);
});
