import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import type { Filter } from '../../filter/parse';

export type Session = Schemas['Session'];
export type Interaction = Schemas['Interaction'];

/** The most that the server gives at once. */
const manyActions = 1000;
const every = 5_000;

/** A filter of the API: `user_id`, `session_id`. */
export const sessionQueries = {
  list: (filter: Filter) =>
    infiniteQueryOptions({
      queryKey: ['sessions', filter],
      queryFn: ({ pageParam, signal }) =>
        client.request('/api/sessions', 'get', { query: { ...filter, limit: 100, offset: pageParam }, signal }),
      initialPageParam: 0,
      getNextPageParam: page => (page.has_more ? page.offset + page.limit : undefined),
      refetchInterval: every,
    }),
  one: (session: string) =>
    queryOptions({
      queryKey: ['session', session],
      queryFn: ({ signal }) =>
        client.request('/api/sessions/{session_id}', 'get', { path: { session_id: session }, signal }),
      refetchInterval: every,
    }),
  actions: (filter: Filter) =>
    infiniteQueryOptions({
      queryKey: ['interactions', filter],
      queryFn: ({ pageParam, signal }) =>
        client.request('/api/interactions', 'get', {
          query: { ...filter, limit: manyActions, ...(pageParam === null ? {} : { before_id: pageParam }) },
          signal,
        }),
      initialPageParam: null as number | null,
      getNextPageParam: page => (page.has_more ? page.next_before_id : undefined),
      refetchInterval: every,
    }),
};
