import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';

export type Key = Schemas['Key'];
export type CreatedKey = Schemas['CreatedKey'];

export const settingsQueries = {
  keys: infiniteQueryOptions({
    queryKey: ['keys'],
    queryFn: ({ pageParam, signal }) =>
      client.keys.list(pageParam === null ? { limit: 100 } : { limit: 100, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  }),
};
