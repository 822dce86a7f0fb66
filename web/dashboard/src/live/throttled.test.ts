import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttled } from './throttled';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('acts at once, then once for all calls of a while, each key by itself', () => {
  const acts: string[] = [];
  const act = throttled(1000, key => acts.push(key));
  act('a');
  act('a');
  act('a');
  act('b');
  expect(acts).toEqual(['a', 'b']);
  vi.advanceTimersByTime(1000);
  expect(acts).toEqual(['a', 'b', 'a']);
  vi.advanceTimersByTime(5000);
  expect(acts).toHaveLength(3);
  act('b');
  expect(acts).toHaveLength(4);
});
