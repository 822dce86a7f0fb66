import { type UseQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { client } from '../../api/client';
import type { Job } from '../../api/types';
import type { Filter } from '../../filter/parse';
import { useLiveJobs } from '../../live/useLiveJobs';
import { useSteady } from '../../steady/useSteady';
import { useOwnActs } from './ownActs';
import { goneRows, jobRows, withoutOwn } from './rows';

/** Rows of jobs, and what a list shows besides them. */
export interface JobRows {
  readonly query: UseQueryResult<unknown>;
  readonly total: { readonly count: number; readonly isExact: boolean } | undefined;
  readonly rows: readonly Job[];
  readonly waiting: number;
  readonly gone: ReadonlySet<string>;
  readonly refresh: () => void;
  readonly more: (() => void) | undefined;
  readonly moreError: Error | null;
  readonly retryMore: () => void;
}

/** The jobs of a filter: a live first page and further ones on demand, in rows that stay where they are. */
export function useJobRows(filter: Filter): JobRows {
  const of = new URLSearchParams(Object.entries(filter).sort()).toString();
  const query = useLiveJobs(filter);
  const list = query.data;
  const [wanted, setWanted] = useState<string>();
  const begin = useRef<{ of: string; cursor: string; isKnown: boolean }>(undefined);
  // The first page of an earlier look ends elsewhere than the one that is shown now.
  const isKnown = !query.isFetchedAfterMount;
  if (list?.next && (begin.current?.of !== of || begin.current.isKnown))
    begin.current = { of, cursor: list.next, isKnown };
  const cursor = begin.current?.of === of ? begin.current.cursor : undefined;
  const further = useInfiniteQuery({
    queryKey: ['more-jobs', of, cursor],
    enabled: wanted === of && cursor !== undefined,
    initialPageParam: cursor ?? '',
    queryFn: ({ pageParam, signal }) =>
      client.request('/api/jobs', 'get', { query: { ...filter, cursor: pageParam, limit: 100 } as object, signal }),
    getNextPageParam: page => page.next ?? undefined,
    // What is shown changes by news; reading every page again would cost more than it tells.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isBegun = further.data !== undefined;
  const hasMore = isBegun ? further.hasNextPage : cursor !== undefined;
  const rows = useMemo(
    () => list && jobRows(list, further.data?.pages.flatMap(page => page.data) ?? [], hasMore),
    [list, further.data, hasMore],
  );
  const shown = useSteady(of, rows, isKnown);
  const more = () => {
    if (!isBegun) setWanted(of);
    else if (!further.isFetching) void further.fetchNextPage();
  };
  const missed = list?.missed ?? 0;
  const refresh = async () => {
    // What was counted only is read now; the pages behind begin anew.
    if (missed > 0) {
      await query.refetch();
      begin.current = undefined;
      setWanted(undefined);
    }
    shown.refresh();
  };
  const own = useOwnActs();
  const left = useMemo(
    () => withoutOwn({ rows: shown.rows, gone: list ? goneRows(shown.gone, list) : shown.gone }, own),
    [shown.rows, shown.gone, list, own],
  );
  const removed = list?.data.filter(job => own.removed.has(job.id)).length ?? 0;
  return {
    query,
    total: list && { count: list.total - removed, isExact: list.total_is_exact },
    rows: left.rows,
    waiting: shown.waiting + missed,
    gone: left.gone,
    refresh: () => void refresh(),
    more: hasMore && !further.isError ? more : undefined,
    moreError: further.error,
    retryMore: () => void further.refetch(),
  };
}
