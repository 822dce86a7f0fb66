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
  expect(read.items).toHaveLength(3);
  expect(faultsOf(read)).toEqual(['2 text required', '2 txt unknown', '3  object']);
  expect(read.faultCount).toBe(2);
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
