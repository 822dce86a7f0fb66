import { expect, test } from 'vitest';
import { lastAdminUntil, risksOf } from './keyRisks';
import type { Key } from './queries';

const now = Date.parse('2026-01-01T00:00:00Z');
const key = (name: string, role: Key['role'], expires_at: string | null = null) => ({
  id: name,
  name,
  role,
  expires_at,
});
const me = key('me', 'admin');
const reader = key('reader', 'read');
const month = '2026-02-01T00:00:00Z';
const past = '2025-12-01T00:00:00Z';

test('the key of this login and the last admin key are not revoked unawares', () => {
  expect(risksOf(me, [me, reader], 'me', now)).toEqual(['ownKey', 'lastAdmin']);
  expect(risksOf(me, [me, reader], 'other', now)).toEqual(['lastAdmin']);
  expect(risksOf(reader, [me, reader], 'reader', now)).toEqual(['ownKey']);
  expect(risksOf(me, [me, key('second', 'admin', month)], 'other', now)).toEqual([]);
  // One that has expired opens nothing, and is no loss.
  expect(risksOf(me, [me, key('old', 'admin', past)], 'other', now)).toEqual(['lastAdmin']);
  expect(risksOf(key('old', 'admin', past), [me], 'other', now)).toEqual([]);
  // Others may be on a page that is not read.
  expect(risksOf(me, undefined, 'other', now)).toEqual([]);
});

test('it is known when the last admin key expires', () => {
  const late = '2027-01-01T00:00:00Z';
  expect(
    lastAdminUntil([reader, key('a', 'admin', late), key('b', 'admin', month), key('c', 'admin', past)], now),
  ).toBe(late);
  expect(lastAdminUntil([me, key('b', 'admin', month)], now)).toBeUndefined();
  expect(lastAdminUntil([reader], now)).toBeUndefined();
});
