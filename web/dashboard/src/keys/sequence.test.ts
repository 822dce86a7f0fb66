import { expect, test } from 'vitest';
import { type KeyMap, KeySequence } from './sequence';

function find(maps: readonly KeyMap[]) {
  const sequence = new KeySequence();
  return (key: string, now = 0, modified: object = {}) =>
    sequence.find({ key, ctrlKey: false, metaKey: false, altKey: false, ...modified }, maps, now);
}

const acts = { o: () => {}, j: () => {}, k: () => {}, newer: () => {} };
const maps: KeyMap[] = [{ 'g o': acts.o, j: acts.j, 'Ctrl+k': acts.k }, { j: acts.newer }];

test('one key, with the newest map first', () => expect(find(maps)('j')).toBe(acts.newer));

test('two keys one after the other, unless too late', () => {
  const press = find(maps);
  expect(press('g')).toBeUndefined();
  expect(press('o', 1000)).toBe(acts.o);
  expect(press('o', 1001)).toBeUndefined();
  press('g', 2000);
  expect(press('o', 9000)).toBeUndefined();
});

test('a second key that makes no pair counts by itself', () => {
  const press = find(maps);
  press('g');
  expect(press('j')).toBe(acts.newer);
});

test('Ctrl and the key of a Mac are the same, Alt belongs to the browser', () => {
  expect(find(maps)('K', 0, { ctrlKey: true })).toBe(acts.k);
  expect(find(maps)('k', 0, { metaKey: true })).toBe(acts.k);
  expect(find(maps)('j', 0, { altKey: true })).toBeUndefined();
});
