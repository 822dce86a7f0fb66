import { expect, test } from 'vitest';
import { check, checkItem } from './check';
import { fieldsOf, fileOf, type JsonSchema, labelOf, valuesOf } from './schema';

const file: JsonSchema = { oneOf: [{ type: 'string', contentEncoding: 'base64' }, { type: 'object' }] };
const item: JsonSchema = {
  type: 'object',
  properties: {
    text: { type: 'string', minLength: 1, maxLength: 5, pattern: '^[a-z]*$' },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    mode: { type: 'string', enum: ['a', 'b'] },
    list: { type: 'array', items: { type: 'number' } },
  },
  required: ['text'],
  additionalProperties: false,
};

test.each([
  [{ text: 'ab', count: 3, mode: 'a', list: [1] }, []],
  [{ text: 'ab', item_id: '7' }, []],
  [{}, ['text required']],
  [{ text: '' }, ['text shorter']],
  [{ text: 'abcdef' }, ['text longer']],
  [{ text: 'A' }, ['text pattern']],
  [{ text: 1 }, ['text string']],
  [{ text: 'a', count: 1.5 }, ['count integer']],
  [{ text: 'a', count: 10 }, ['count maximum']],
  [{ text: 'a', mode: 'c' }, ['mode choice']],
  [{ text: 'a', list: [1, 'x'] }, ['list[1] number']],
  [{ text: 'a', txet: 'b' }, ['txet unknown']],
  ['text', [' object']],
])('%j has the faults %j', (value, faults) => {
  expect(check(item, value).map(fault => `${fault.field} ${fault.rule}`)).toEqual(faults);
});

test('a file is its bytes, a url or a path, and stands for an object around it', () => {
  const photo: JsonSchema = { type: 'object', properties: { image: file, threshold: { type: 'number' } } };
  expect(fileOf(photo)).toBe('image');
  expect(fileOf(file)).toBe('');
  expect(fileOf(item)).toBeUndefined();
  expect(check(file, { url: 'http://x' })).toEqual([]);
  expect(check(file, 7)).toHaveLength(1);
  expect(checkItem(photo, 'aGk=')).toEqual([]);
  expect(checkItem(item, 'hi')).toHaveLength(1);
});

test('a form gives values of their types, and leaves out what is empty', () => {
  expect(valuesOf(fieldsOf(item, ['mode']), { text: 'a', count: '3', list: '[1,2]', mode: 'a' })).toEqual({
    text: 'a',
    count: 3,
    list: [1, 2],
  });
  expect(valuesOf(fieldsOf(item), { text: '', count: 'many' })).toEqual({ count: 'many' });
});

test.each([
  ['max_faces', 'Max faces'],
  ['threshold', 'Threshold'],
  ['visage_api_url', 'Visage API URL'],
  ['item_ids', 'Item IDs'],
  ['targetLanguage', 'Target Language'],
  ['größe', 'Größe'],
  ['__', '__'],
])('the field %s is called %s', (name, label) => expect(labelOf(name)).toBe(label));
