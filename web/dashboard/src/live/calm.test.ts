import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { calm } from './calm';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Waits, and tells whether it is over. */
function begin(queries: QueryClient, signal = new AbortController().signal) {
  const waiting = { isOver: false };
  void calm(queries, signal).then(() => {
    waiting.isOver = true;
  });
  return waiting;
}

test('where nothing is read there is no wait', async () => {
  const waiting = begin(new QueryClient());
  await vi.advanceTimersByTimeAsync(0);
  expect(waiting.isOver).toBe(true);
});

test('it waits for what is being read, and not for long', async () => {
  const queries = new QueryClient();
  let answer!: (value: number) => void;
  const read = queries.fetchQuery({
    queryKey: ['a'],
    queryFn: () => new Promise<number>(resolve => (answer = resolve)),
  });
  const [waiting, other] = [begin(queries), begin(queries)];
  await vi.advanceTimersByTimeAsync(900);
  expect(waiting.isOver).toBe(false);
  answer(1);
  await vi.advanceTimersByTimeAsync(0);
  await read;
  expect([waiting.isOver, other.isOver]).toEqual([true, true]);

  void queries.fetchQuery({ queryKey: ['b'], queryFn: () => new Promise<number>(() => undefined) });
  const late = begin(queries);
  await vi.advanceTimersByTimeAsync(1001);
  expect(late.isOver).toBe(true);
});

test('who leaves does not wait', async () => {
  const queries = new QueryClient();
  void queries.fetchQuery({ queryKey: ['a'], queryFn: () => new Promise<number>(() => undefined) });
  const leave = new AbortController();
  const waiting = begin(queries, leave.signal);
  leave.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(waiting.isOver).toBe(true);
});
