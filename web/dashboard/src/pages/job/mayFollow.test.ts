import { expect, test } from 'vitest';
import { mayFollow } from './mayFollow';

const rows = (...states: string[]) => states.map(state => ({ state }) as never);

test.each([
  ['nothing is there yet', [], 0, true, false],
  ['the first comes to an empty list', [], 1, true, true],
  ['only failures are shown, and results come', ['failed', 'cancelled'], 6, false, true],
  ['results come to a short list', ['completed', 'failed'], 6, true, true],
  ['results come to a long list that somebody may read', ['completed'], 6, false, false],
  ['nothing comes', ['completed'], 0, true, false],
])('when %s, what is new is read at once or not', (_, states, waiting, isWhole, may) => {
  expect(mayFollow({ rows: rows(...states), waiting, isWhole })).toBe(may);
});
