import { expect, test } from 'vitest';
import type { ResultRow } from '../types';
import { fieldsOf, fieldText, readField } from './fields';

const row = (result: unknown): ResultRow =>
  ({ index: 0, id: 'a', state: 'completed', result }) as Partial<ResultRow> as ResultRow;

test('fields are the members of the results, the most frequent first', () => {
  const fields = fieldsOf([row({ rare: 1, text: 'a', size: { w: 1 } }), row({ text: 'b', size: { w: 2 } }), row(null)]);
  expect(fields.map(field => [field.title, field.isNumber])).toEqual([
    ['text', false],
    ['size.w', true],
    ['rare', true],
  ]);
});

test('a result that is no object is one field', () => {
  const fields = fieldsOf([row('plain')]);
  expect(fields).toEqual([{ path: [], title: '', isNumber: false }]);
  expect(readField('plain', [])).toBe('plain');
});

test('names with dots are read as they are', () => {
  const [field] = fieldsOf([row({ 'a.b': { c: 3 } })]);
  expect(readField({ 'a.b': { c: 3 } }, field!.path)).toBe(3);
  expect(readField({ a: 1 }, field!.path)).toBeUndefined();
});

test('values are one line', () => {
  expect(fieldText([1, 2])).toBe('[1,2]');
  expect(fieldText(null)).toBe('');
  expect(fieldText(1280)).toBe('1,280');
  expect(fieldText(0.358804127886943)).toBe('0.3588');
  expect(fieldText('x'.repeat(1000))).toHaveLength(300);
});
