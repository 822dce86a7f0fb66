import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';

export type Key = Schemas['Key'];
export type CreatedKey = Schemas['CreatedKey'];

export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];

/** The events that a webhook may get. */
export const webhookEvents = [
  'job.completed',
  'job.partial',
  'job.failed',
  'job.cancelled',
  'batch.completed',
  'batch.failed',
  'batch.expired',
  'batch.cancelled',
] as const;

export const settingsQueries = {
  keys: infiniteQueryOptions({
    queryKey: ['keys'],
    queryFn: ({ pageParam, signal }) =>
      client.keys.list(pageParam === null ? { limit: 100 } : { limit: 100, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  }),
  webhooks: infiniteQueryOptions({
    queryKey: ['webhooks'],
    queryFn: ({ pageParam, signal }) =>
      client.webhooks.list(pageParam === null ? { limit: 50 } : { limit: 50, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  }),
  deliveries: (id: string) =>
    infiniteQueryOptions({
      queryKey: ['webhooks', id, 'deliveries'],
      queryFn: ({ pageParam, signal }) =>
        client.webhooks.deliveries(id, pageParam === null ? { limit: 50 } : { limit: 50, cursor: pageParam }, {
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: page => page.next,
      refetchInterval: 3_000,
    }),
};
