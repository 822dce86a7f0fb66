import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import type { Filter } from '../../filter/parse';
import { asQuery } from './auditFilter';

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
  audit: (filter: Filter) =>
    infiniteQueryOptions({
      queryKey: ['audit', filter],
      queryFn: ({ pageParam, signal }) => client.audit({ ...asQuery(filter), ...from(pageParam) }, { signal }),
      initialPageParam: first,
      getNextPageParam: page => page.next,
      refetchInterval: 10_000,
    }),
};
