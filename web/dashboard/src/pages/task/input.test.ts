import { expect, test } from 'vitest';
import { itemOf, readItem, writeItem } from './input';

test('a text is edited as it is', () => {
  expect(writeItem('say "hi"')).toBe('say "hi"');
  expect(readItem('{"not": "parsed"}', 'before')).toEqual({ item: '{"not": "parsed"}' });
});

test.each([[{ text: 'a', n: 1 }], [[1, 2]], [7], [null], [true]])('%j comes back as it was', item => {
  expect(readItem(writeItem(item), item)).toEqual({ item });
});

test('broken JSON says where', () => {
  expect(readItem('{"a":', {})).toHaveProperty('fault');
});

test('only items can be replaced, not files', () => {
  expect(itemOf({ input_data: { batch_index: 0, input_url: '/x' } })).toBeUndefined();
  expect(itemOf({ input_data: null })).toBeUndefined();
  expect(itemOf({ input_data: { item: '' } })).toBe('');
});
