import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import type { Filter } from '../../filter/parse';

export type Session = Schemas['Session'];
export type Interaction = Schemas['Interaction'];
export type ActionTable = Schemas['ActionTable'];

/** A page of the list. */
const manyActions = 200;
const every = 5_000;
const mostRows = 12;

/** How far back actions are counted, in milliseconds. */
export const ranges = { hour: 3_600_000, day: 86_400_000, month: 30 * 86_400_000, year: 365 * 86_400_000 } as const;
export type Range = keyof typeof ranges;

export function rangeOf(text: string | undefined): Range {
  return text !== undefined && Object.hasOwn(ranges, text) ? (text as Range) : 'day';
}

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
  /** What was done how often in each part of the time, as the server counts it. */
  table: (filter: Filter, range: Range) =>
    queryOptions({
      queryKey: ['action-table', filter, range],
      queryFn: ({ signal }) => {
        const to = Date.now();
        return client.request('/api/interactions/actions', 'get', {
          query: {
            ...filter,
            from: new Date(to - ranges[range]).toISOString(),
            to: new Date(to).toISOString(),
            steps: 48,
            limit: mostRows,
          },
          signal,
        });
      },
      placeholderData: keepPreviousData,
      refetchInterval: range === 'hour' || range === 'day' ? every : 6 * every,
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
