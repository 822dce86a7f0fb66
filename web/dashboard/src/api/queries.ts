import { StashError } from '@stashai/client';
import { MutationCache, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import type { Filter } from '../filter/parse';
import { client } from './client';
import { isFinal, isOffline, statusOf } from './errors';
import type { Health, Job, Services } from './types';

/** The client repeats what may be repeated, so the queries do not. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => noticeLogout(error, query.queryKey) }),
  // Who acts on what was deleted meanwhile sees that it is gone.
  mutationCache: new MutationCache({ onError: error => void (isFinal(error) && queryClient.invalidateQueries()) }),
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 5_000,
      gcTime: 300_000,
      // A tab that somebody comes back to; a glance at another window is no reason to read.
      refetchOnWindowFocus: query => query.state.dataUpdatedAt < Date.now() - 60_000,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** The queries that several pages share. `useLive` keeps those of jobs, services and statistics fresh. */
export const queries = {
  me: queryOptions({
    queryKey: ['me'],
    queryFn: ({ signal }) => client.me({ signal }),
    staleTime: 60_000,
    // Without it there is no page yet, and nothing else that would notice that the server is back.
    refetchInterval: query => (query.state.data === undefined && isOffline(query.state.error) ? 3_000 : false),
  }),
  health: queryOptions({ queryKey: ['health'], queryFn: readHealth, refetchInterval: 15_000 }),
  stats: queryOptions({
    queryKey: ['stats'],
    queryFn: ({ signal }) => client.request('/api/queue/stats', 'get', { signal }),
  }),
  services: queryOptions({
    queryKey: ['services'],
    queryFn: ({ signal }): Promise<Services> => client.services.list({ signal }),
  }),
  /** The versions of what runs there, its disk and its database; measured there twice a minute. */
  server: queryOptions({
    queryKey: ['server'],
    queryFn: ({ signal }) => client.server({ signal }),
    refetchInterval: 30_000,
  }),
  nodes: queryOptions({
    queryKey: ['nodes'],
    queryFn: ({ signal }) => client.nodes({ limit: 100 }, { signal }),
    refetchInterval: 10_000,
  }),
  /** The first page of a list of jobs. */
  jobs: (filter: Filter, limit = 50) =>
    queryOptions({
      queryKey: ['jobs', filter, limit],
      queryFn: ({ signal }) =>
        client.jobs.list({ ...filter, limit } as Parameters<typeof client.jobs.list>[0], { signal }),
    }),
  job: (id: string) =>
    queryOptions({
      queryKey: ['job', id],
      queryFn: ({ signal }) => client.jobs.get(id, { signal }),
      // How long a waiting job waits depends on others, of which no news of this one tells.
      refetchInterval: ({ state: { data } }) => (data && isWaiting(data) ? 5_000 : false),
    }),
  task: (id: string) =>
    queryOptions({ queryKey: ['task', id], queryFn: ({ signal }) => client.tasks.get(id, {}, { signal }) }),
  series: (seconds: number, service?: string) =>
    queryOptions({
      queryKey: ['series', seconds, service ?? ''],
      queryFn: ({ signal }) => {
        const from = new Date(Date.now() - seconds * 1000).toISOString();
        return client.series(service ? { from, service } : { from }, { signal });
      },
      refetchInterval: seconds <= 3600 ? 10_000 : 60_000,
    }),
};

function isWaiting({ state, tasks }: Job): boolean {
  return (state === 'pending' || state === 'running') && tasks.running === 0;
}

/** Drops all that is known of something that was deleted, so that nobody is shown it from memory. */
export function forget(id: string, queries = queryClient): void {
  queries.removeQueries({
    predicate: ({ queryKey, state }) =>
      queryKey.includes(id) || (state.data as { readonly job_id?: unknown } | null | undefined)?.job_id === id,
  });
}

/** A login that is over, or a key that was revoked, shows in any answer; that of `me` brings the login page. */
function noticeLogout(error: Error, key: readonly unknown[]): void {
  if (statusOf(error) === 401 && key[0] !== 'me') void queryClient.invalidateQueries({ queryKey: ['me'] });
}

/** A server that is not well answers 503, with the same fields. */
async function readHealth({ signal }: { signal: AbortSignal }): Promise<Health> {
  try {
    return await client.health({ signal });
  } catch (error) {
    if (error instanceof StashError && error.problem.checks !== undefined) return error.problem as unknown as Health;
    throw error;
  }
}
