import { expect, test } from 'vitest';
import { addressOf, fill, serverAddress } from './address.js';

test('values are encoded where they stand', () => {
  expect(
    fill('/a/{x}/{y}', { x: 'ü/?', y: 1 }, { q: 'a&b', list: ['a', 'b'], none: null, no: undefined, is: false }),
  ).toBe('/a/%C3%BC%2F%3F/1?q=a%26b&list=a%2Cb&is=false');
  expect(() => fill('/a/{x}', {})).toThrow('/a/{x} needs a value for x.');
});

test.each([
  ['http://a', 'http://a/api/x?y=1'],
  ['http://a/', 'http://a/api/x?y=1'],
  ['https://a:1/stashai', 'https://a:1/stashai/api/x?y=1'],
  ['https://a/stashai/?q#h', 'https://a/stashai/api/x?y=1'],
])('paths follow %s', (base, address) => {
  expect(addressOf(serverAddress(base), '/api/x?y=1').href).toBe(address);
});

test('a page may give a relative address', () => {
  const place = globalThis as { document?: unknown };
  place.document = { baseURI: 'https://a/stashai/jobs/1' };
  try {
    expect(serverAddress('../').href).toBe('https://a/stashai/');
  } finally {
    delete place.document;
  }
  expect(() => serverAddress('../')).toThrow();
  expect(() => serverAddress('ftp://a')).toThrow('must begin with http');
});
