import { expect, test } from 'vitest';
import { refusedItems } from './refused';

test('refused items are counted from 1, with the field within them', () => {
  const errors = [
    { field: 'items[1].image', item: 1, reason: 'is not a photo' },
    { field: 'items[11]', reason: 'is too large' },
    { item: 3, field: 'text', reason: 'is too long' },
    { item: 0, reason: 'is empty' },
  ];
  expect(refusedItems(errors)).toEqual([
    { item: 2, field: 'image', reason: 'is not a photo' },
    { item: 12, field: '', reason: 'is too large' },
    { item: 4, field: 'text', reason: 'is too long' },
    { item: 1, field: '', reason: 'is empty' },
  ]);
});

test('a refusal that is about something else has its own words', () => {
  expect(
    refusedItems([
      { field: 'items[0]', reason: 'a' },
      { field: 'config.priority', reason: 'b' },
    ]),
  ).toEqual([]);
  expect(refusedItems([])).toEqual([]);
});
