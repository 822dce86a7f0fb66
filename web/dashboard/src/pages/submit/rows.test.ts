import { expect, test } from 'vitest';
import type { JsonSchema } from '../../schema/schema';
import { readCsv } from './csv';
import { formatOf, readRows } from './rows';

const text: JsonSchema = { type: 'string', minLength: 2 };
const object: JsonSchema = {
  type: 'object',
  properties: { text: { type: 'string' }, count: { type: 'integer' } },
  required: ['text'],
  additionalProperties: false,
};
const faultsOf = (read: ReturnType<typeof readRows>) => read.faults.map(one => `${one.line} ${one.field} ${one.rule}`);

test('pasted lines are texts where the service takes texts', () => {
  const read = readRows('one\r\n\n"two"\n{3}\nx\n', 'lines', text);
  expect(read.items).toEqual(['one', 'two', '{3}', 'x']);
  expect(faultsOf(read)).toEqual(['5  shorter']);
});

test('pasted lines are JSON where the service takes objects', () => {
  const read = readRows('{"text":"a"}\n{"txt":"b"}\nplain', 'lines', object);
  expect(read.items).toHaveLength(2);
  expect(faultsOf(read)).toEqual(['2 text required', '2 txt unknown', '3  json']);
  expect(read.faultCount).toBe(2);
});

const file: JsonSchema = { oneOf: [{ type: 'string', contentEncoding: 'base64' }, { type: 'object' }] };
const photo: JsonSchema = { type: 'object', properties: { image: file, threshold: { type: 'number' } } };
const base64 = 'iVBORw0KGgo'.repeat(8);

test('pasted lines are URLs, JSON or base64 where the item is a file or has only one, and nothing else', () => {
  const lines = `https://example.org/a.jpg\n{"image":{"url":"http://x"}}\n${base64}=\nnot json\nplain\n{"image":\n7`;
  const read = readRows(lines, 'lines', photo);
  expect(read.items).toEqual([
    { image: { url: 'https://example.org/a.jpg' } },
    { image: { url: 'http://x' } },
    `${base64}=`,
    7,
  ]);
  expect(faultsOf(read)).toEqual(['4  file', '5  file', '6  file', '7  object']);
  const alone = readRows('https://example.org/a.jpg\n{"url":"http://x"}\nnot json', 'lines', file);
  expect(alone.items).toEqual([{ url: 'https://example.org/a.jpg' }, { url: 'http://x' }]);
  expect(faultsOf(alone)).toEqual(['3  file']);
});

test('a text that is no base64 is no file in any format', () => {
  expect(faultsOf(readRows('"not json"\n{"image":"not json"}\n{"image":"aGk="}', 'jsonl', photo))).toEqual([
    '1  file',
    '2 image file',
  ]);
  const table = readRows('image,threshold\nhttp://x/a.jpg,0.5\nnot a file,0.5', 'csv', photo);
  expect(table.items[0]).toEqual({ image: { url: 'http://x/a.jpg' }, threshold: 0.5 });
  expect(faultsOf(table)).toEqual(['3 image file']);
});

test('where nothing is said of items, a line may be a text, but not half an object', () => {
  const read = readRows('a text\n{"a":1}\n{"a":', 'lines', {});
  expect(read.items).toEqual(['a text', { a: 1 }]);
  expect(faultsOf(read)).toEqual(['3  json']);
});

test('a line of JSONL that is no JSON is named', () => {
  expect(faultsOf(readRows('{"text":"a"}\n{"text":', 'jsonl', object))).toEqual(['2  json']);
});

test('a table becomes objects with values of their types', () => {
  const read = readRows('text;count\n"a;\n""b""";3\nc;\n;4\nd;many\n', 'csv', object);
  expect(read.items).toEqual([
    { text: 'a;\n"b"', count: 3 },
    { text: 'c' },
    { count: 4 },
    { text: 'd', count: 'many' },
  ]);
  expect(faultsOf(read)).toEqual(['5 text required', '6 count integer']);
  expect(readRows('text\nab\ncd', 'csv', text).items).toEqual(['ab', 'cd']);
  expect(readCsv('a,b\n"x').unclosed).toBe(2);
});

test('at most a hundred faults are kept, and all are counted', () => {
  const read = readRows('x\n'.repeat(250), 'lines', text);
  expect([read.faults.length, read.faultCount]).toEqual([100, 250]);
});

test('names say the format', () => {
  expect(['a.NDJSON', 'b.csv', 'c.txt', 'd.jpg'].map(formatOf)).toEqual(['jsonl', 'csv', 'lines', undefined]);
});
