// @vitest-environment jsdom
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { forget } from './queries';

test('all that is known of a deleted thing is dropped, and nothing else', () => {
  const queries = new QueryClient();
  const gone = [
    ['job', '1'],
    ['results', '1'],
    ['failures', '1', 2],
    ['comparison', '2', '1', ''],
    ['people', 'one', '1'],
    ['schedules', '1', 'runs'],
    ['webhooks', '1', 'deliveries'],
  ];
  for (const key of gone) queries.setQueryData(key, {});
  queries.setQueryData(['task', '7'], { job_id: '1' });
  queries.setQueryData(['task', '8'], { job_id: '2' });
  queries.setQueryData(['job', '2'], {});
  queries.setQueryData(['declaration', 'a'], null);
  forget('1', queries);
  const left = queries.getQueryCache().getAll();
  expect(left.map(query => query.queryKey)).toEqual([
    ['task', '8'],
    ['job', '2'],
    ['declaration', 'a'],
  ]);
});
