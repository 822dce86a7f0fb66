import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const files = readdirSync('dashboard/src', { recursive: true, encoding: 'utf8' }).filter(
  name => /\.tsx?$/.test(name) && !name.includes('.test.'),
);

test('every part that is loaded later waits for a server that is away', () => {
  const plain = files.filter(name => /\blazy\b[^;]*from 'react'/.test(readFileSync(`dashboard/src/${name}`, 'utf8')));
  expect(plain).toEqual(['parts/patient.tsx']);
});
