import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { client } from '../../api/client';
import type { Task } from '../../api/types';
import type { Filter } from '../../filter/parse';
import { useOnEnd } from '../../steady/useOnEnd';
import { useSteady } from '../../steady/useSteady';

/** A list of more pages than this is not read again by itself. */
const mostFresh = 5;

/** Tasks of one job, or of all, page by page; while they may change the pages that are read are read again. */
export function useTaskRows(jobId: string | undefined, filter: Filter, isOpen: boolean) {
  const of = new URLSearchParams([['job', jobId ?? ''], ...Object.entries(filter).sort()]).toString();
  const query = useInfiniteQuery({
    queryKey: ['tasks', of],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } as object;
      return jobId === undefined
        ? client.request('/api/tasks', 'get', { query, signal })
        : client.request('/api/jobs/{id}/tasks', 'get', { path: { id: jobId }, query, signal });
    },
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: known => (isOpen && (known.state.data?.pages.length ?? 0) <= mostFresh ? 3000 : false),
  });
  useOnEnd(isOpen, () => void query.refetch());
  const list = useMemo(() => query.data?.pages.flatMap((page): Task[] => page.data), [query.data]);
  const shown = useSteady(of, list, !query.isFetchedAfterMount);
  const [first] = query.data?.pages ?? [];
  return {
    query,
    ...shown,
    total: first && { count: first.total, isExact: first.total_is_exact },
    more:
      query.hasNextPage && !query.isFetchNextPageError
        ? () => !query.isFetching && void query.fetchNextPage()
        : undefined,
  };
}
