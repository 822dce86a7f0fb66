import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { refresh, refreshIfReading } from './refresh';

/** A query that is shown, whose reads are answered by hand. */
function shown() {
  const queries = new QueryClient();
  const reads: ((answer: string) => void)[] = [];
  const queryFn = () => new Promise<string>(resolve => reads.push(resolve));
  const observer = new QueryObserver(queries, { queryKey: ['job', '1'], queryFn, staleTime: 5000 });
  observer.subscribe(() => undefined);
  return { queries, reads, data: () => queries.getQueryData(['job', '1']) };
}

test('news during the first read leads to another one, whose answer stays', async () => {
  const { queries, reads, data } = shown();
  const over = refresh(queries, ['job', '1']);
  reads[0]!('before the news');
  await expect.poll(() => reads.length).toBe(2);
  reads[1]!('after the news');
  await over;
  expect(data()).toBe('after the news');
});

test('what was put in during a read is not lost to its answer', async () => {
  const { queries, reads, data } = shown();
  queries.setQueryData(['job', '1'], 'news');
  const over = refreshIfReading(queries, ['job', '1']);
  reads[0]!('before the news');
  await expect.poll(() => reads.length).toBe(2);
  reads[1]!('news');
  await over;
  expect(data()).toBe('news');
});

test('without a read nothing is read because of what was put in', async () => {
  const { queries, reads } = shown();
  reads[0]!('first');
  await expect.poll(() => queries.isFetching()).toBe(0);
  await refreshIfReading(queries, ['job', '1']);
  expect(reads.length).toBe(1);
});
