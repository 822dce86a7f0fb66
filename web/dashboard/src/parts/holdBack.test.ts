import { expect, test } from 'vitest';
import { holdBack } from './holdBack';

const same = (row: string) => row;

test('newer rows wait until they are asked for', () => {
  expect(holdBack(['d', 'c', 'b', 'a'], same, 'b')).toEqual({ shown: ['b', 'a'], waiting: 2 });
  expect(holdBack(['b', 'a'], same, 'b')).toEqual({ shown: ['b', 'a'], waiting: 0 });
});

test('nothing is held back before the first look, or when its row is gone', () => {
  expect(holdBack(['b', 'a'], same, undefined)).toEqual({ shown: ['b', 'a'], waiting: 0 });
  expect(holdBack(['d', 'c'], same, 'b')).toEqual({ shown: ['d', 'c'], waiting: 0 });
});

test('a row that two pages have counts once', () => {
  expect(holdBack(['c', 'b', 'b', 'a'], same, 'b')).toEqual({ shown: ['b', 'a'], waiting: 1 });
});
