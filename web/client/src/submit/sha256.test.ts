import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { randomOf } from '../testing/scripted.js';
import { hash, sha256, toBase64, toHex } from './sha256.js';

test('the hash is that of Node.js, for every length around the blocks', async () => {
  const random = randomOf(1);
  const bytes = Uint8Array.from({ length: 300 }, () => random(256));
  for (let length = 0; length <= bytes.length; length++) {
    const part = bytes.slice(0, length);
    const expected = createHash('sha256').update(part).digest();
    expect(toHex(hash(part))).toBe(expected.toString('hex'));
    expect(toHex(hash(bytes.subarray(3, length)))).toBe(
      createHash('sha256').update(bytes.subarray(3, length)).digest('hex'),
    );
    expect(toBase64(await sha256(part))).toBe(expected.toString('base64'));
  }
});

test('a large content has the same hash', () => {
  const bytes = new Uint8Array(3_000_000).fill(7);
  expect(toHex(hash(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
});
