import { expect, test } from 'vitest';
import { readPointer, readText } from './pointer';

const document = { text: 'hello', choices: [{ message: { content: 'hi' } }], 'a/b': { 'm~n': 7 }, none: null };

test.each([
  ['', document],
  ['/text', 'hello'],
  ['/choices/0/message/content', 'hi'],
  ['/a~1b/m~0n', 7],
  ['/none', null],
  ['/choices/1', undefined],
  ['/choices/-1', undefined],
  ['/choices/01', undefined],
  ['/text/0', undefined],
  ['/toString', undefined],
  ['text', undefined],
  [undefined, undefined],
])('%s names what RFC 6901 says', (pointer, expected) => {
  expect(readPointer(document, pointer)).toEqual(expected);
});

test('texts are texts and numbers, nothing else', () => {
  expect(readText(document, '/text')).toBe('hello');
  expect(readText(document, '/a~1b/m~0n')).toBe('7');
  expect(readText(document, '/choices')).toBeUndefined();
  expect(readText(document, '/none')).toBeUndefined();
});
