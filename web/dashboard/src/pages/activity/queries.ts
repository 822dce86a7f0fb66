import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';

export type Bulk = Schemas['Bulk'];
export type AuditEntry = Schemas['AuditEntry'];

const first = null as string | null;
const from = (cursor: string | null) => (cursor === null ? { limit: 50 } : { limit: 50, cursor });

export const activityQueries = {
  bulk: infiniteQueryOptions({
    queryKey: ['bulk'],
    queryFn: ({ pageParam, signal }) => client.bulk.list(from(pageParam), { signal }),
    initialPageParam: first,
    getNextPageParam: page => page.next,
    // Quick while something runs, so that its bar moves.
    refetchInterval: query =>
      query.state.data?.pages.some(page => page.data.some(one => one.state === 'running')) ? 1_000 : 10_000,
  }),
  audit: infiniteQueryOptions({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) => client.audit(from(pageParam), { signal }),
    initialPageParam: first,
    getNextPageParam: page => page.next,
    refetchInterval: 10_000,
  }),
};
