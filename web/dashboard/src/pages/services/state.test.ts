import { expect, test } from 'vitest';
import type { Service } from '../../api/types';
import { stateOf } from './state';

const lane = {
  authority: 'x',
  address: 'http://x',
  running: 0,
  circuit: 'closed',
  asked_again_at: null,
  blocked_until: null,
  waiting: null,
} as const;
const service: Service = {
  name: 'echo',
  configured: true,
  called: true,
  paused: false,
  running: 0,
  waiting: 0,
  lanes: [lane],
  set: { max_parallel: null, rate: null, burst: null, allowed_hours: null },
};
const now = Date.parse('2026-01-01T00:00:00Z');

test('the strongest reason is shown', () => {
  const closed = { hours: '22:00-07:00 UTC', open: false, opens_at: null, closes_at: null };
  const down = { ...service, lanes: [{ ...lane, circuit: 'open' as const }], allowed_hours: closed };
  const later = '2026-01-01T00:01:00Z';
  expect(stateOf(service, false, now)).toBe('ready');
  expect(stateOf(down, true, now)).toBe('paused');
  expect(stateOf({ ...down, paused: true }, false, now)).toBe('paused');
  expect(stateOf(down, false, now)).toBe('down');
  expect(stateOf({ ...service, allowed_hours: closed }, false, now)).toBe('closed');
  expect(stateOf({ ...service, lanes: [{ ...lane, blocked_until: later }] }, false, now)).toBe('throttled');
  expect(stateOf({ ...service, lanes: [{ ...lane, blocked_until: later }] }, false, Date.parse(later))).toBe('ready');
  expect(stateOf({ ...service, configured: false }, false, now)).toBe('unknown');
  expect(stateOf({ ...service, called: false }, false, now)).toBe('untried');
  expect(stateOf({ ...service, called: false, paused: true }, false, now)).toBe('paused');
  // These store what is sent to them, and call nothing.
  for (const called of [false, true]) {
    expect(stateOf({ ...service, name: 'interactions', called }, false, now)).toBe('stored');
    expect(stateOf({ ...service, name: 'sessions', called }, false, now)).toBe('stored');
  }
});
