import { expect, test } from 'vitest';
import { readableJson } from './json';

test('pictures in base64 are shown by their beginning and their length, texts whole', () => {
  const text = 'two words '.repeat(200);
  expect(readableJson({ image: 'A'.repeat(5000) })).toContain(`${'A'.repeat(120)}… (5000)`);
  expect(JSON.parse(readableJson({ text }))).toEqual({ text });
});
