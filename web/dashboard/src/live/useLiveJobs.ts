import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { client } from '../api/client';
import type { Filter } from '../filter/parse';
import { type LiveList, liveListKey } from './apply';
import { useLive } from './live';
import { topicKey } from './topics';

/** The first page of a list of jobs, which stays as it is on the server while the component is shown. */
export function useLiveJobs(filter: Filter): UseQueryResult<LiveList> {
  const topic = { kind: 'jobs', filter } as const;
  useLive(topic);
  return useQuery({
    queryKey: liveListKey(topicKey(topic)),
    queryFn: async ({ signal }): Promise<LiveList> => {
      const page = await client.request('/api/jobs', 'get', { query: { ...filter, limit: 100 } as object, signal });
      return { ...page, arrived: [] };
    },
  });
}
