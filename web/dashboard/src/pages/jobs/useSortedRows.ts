import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { client } from '../../api/client';
import type { Filter } from '../../filter/parse';
import { useSteady } from '../../steady/useSteady';
import { useOwnActs } from './ownActs';
import { withoutOwn } from './rows';
import type { Sort } from './sorts';
import type { JobRows } from './useJobRows';

const size = 100;
const every = 10_000;
const none: ReadonlySet<string> = new Set();

/** The jobs of a filter in another order than the newest first, read again every few seconds, in rows that stay where they are. */
export function useSortedRows(filter: Filter, sort: Sort): JobRows {
  const of = new URLSearchParams([...Object.entries(filter).sort(), ['sort', sort]]).toString();
  const query = useInfiniteQuery({
    queryKey: ['sorted-jobs', of],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.request('/api/jobs', 'get', {
        query: { ...filter, sort, limit: size, ...(cursor && { cursor }) } as object,
        signal,
      }),
    getNextPageParam: page => page.next ?? undefined,
    // More pages than one are read again when somebody asks.
    refetchInterval: one => ((one.state.data?.pages.length ?? 1) === 1 ? every : false),
  });
  const rows = useMemo(() => {
    const found = query.data?.pages.flatMap(page => page.data);
    // A job that moved while its pages were read may stand in two.
    return found && [...new Map(found.map(job => [job.id, job])).values()];
  }, [query.data]);
  const shown = useSteady(of, rows, !query.isFetchedAfterMount);
  const own = useOwnActs();
  const left = useMemo(() => withoutOwn({ rows: shown.rows, gone: shown.gone }, own), [shown.rows, shown.gone, own]);
  const [first] = query.data?.pages ?? [];
  const removed = rows?.filter(job => own.removed.has(job.id)).length ?? 0;
  return {
    query,
    total: first && { count: first.total - removed, isExact: first.total_is_exact },
    rows: left.rows,
    waiting: shown.waiting,
    gone: none,
    refresh: shown.refresh,
    more:
      query.hasNextPage && !query.isFetchNextPageError
        ? () => void (query.isFetching || query.fetchNextPage())
        : undefined,
    moreError: query.isFetchNextPageError ? query.error : null,
    retryMore: () => void query.fetchNextPage(),
  };
}
