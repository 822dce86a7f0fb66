import { expect, test } from 'vitest';
import { normOf, vectorOf } from './vector';

test('a vector is a list of numbers', () => {
  expect(vectorOf([3, 4])).toEqual([3, 4]);
  expect(vectorOf([])).toBeUndefined();
  expect(vectorOf([1, 'a'])).toBeUndefined();
  expect(vectorOf('abc')).toBeUndefined();
});

test('its norm is its length', () => {
  expect(normOf([3, 4])).toBe(5);
});
