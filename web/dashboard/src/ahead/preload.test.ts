import { expect, test } from 'vitest';
import { filesOf } from './preload';

const files = { '/': ['a.js'], '/jobs': ['b.js'], '/jobs/$jobId': ['c.js', 'd.js'], '/jobs/$jobId/unknown': ['e.js'] };

test.each([
  ['', 'a.js'],
  ['/', 'a.js'],
  ['/jobs', 'b.js'],
  ['/jobs/', 'b.js'],
  ['/jobs/1', 'c.js d.js'],
  ['/jobs/1/unknown', 'e.js'],
  ['/jobs/1/other', ''],
  ['/nowhere', ''],
])('the scripts of %s', (place, expected) => {
  expect(filesOf(files, place).join(' ')).toBe(expected);
});
