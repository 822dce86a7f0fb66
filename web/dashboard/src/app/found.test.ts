import { expect, test } from 'vitest';
import { named } from './found';

const all = ['Jakob', 'Robin', 'ROB', 'Ann', 'rob 1', 'rob 2', 'rob 3', 'rob 4'].map(
  name => ({ kind: 'person', id: name, name }) as const,
);
const names = (word: string) => named(all, word).map(one => one.name);

test('names that begin with the word come first, in any case, and only a few', () => {
  expect(names('rob')).toEqual(['Robin', 'ROB', 'rob 1', 'rob 2', 'rob 3']);
  expect(names('ob')).toEqual(['Jakob', 'Robin', 'ROB', 'rob 1', 'rob 2']);
  expect(names('AN')).toEqual(['Ann']);
});

test('without a word nothing is found, so that the pages stay alone', () => {
  expect(names('')).toEqual([]);
  expect(names('x')).toEqual([]);
});
