import { expect, test } from 'vitest';
import { withoutOwn } from './rows';

const rows = ['a', 'b', 'c', 'd'].map(id => ({ id }));
const shown = (gone: string, removed: string, changed = '') => {
  const left = withoutOwn({ rows, gone: new Set(gone) }, { removed: new Set(removed), changed: new Set(changed) });
  return [left.rows.map(row => row.id).join(''), [...left.gone].join('')];
};

test('a job that one deleted oneself leaves the list at once', () => {
  expect(shown('', 'b')).toEqual(['acd', '']);
  expect(shown('bc', 'b')).toEqual(['acd', 'c']);
});

test('a job that one changed leaves with the list, and others stay where they are', () => {
  expect(shown('', '', 'a')).toEqual(['abcd', '']);
  expect(shown('ab', '', 'a')).toEqual(['bcd', 'b']);
});
