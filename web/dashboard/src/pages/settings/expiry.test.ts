import { expect, test } from 'vitest';
import { expiryOf } from './expiry';

test('a key expires after so many days, or never', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(expiryOf('never', now)).toBeNull();
  expect(expiryOf('month', now)).toBe('2026-01-31T00:00:00.000Z');
  expect(expiryOf('year', now)).toBe('2027-01-01T00:00:00.000Z');
});
