import { QueryClient, queryOptions } from '@tanstack/react-query';
import type { Filter } from '../filter/parse';
import { api } from './http';
import { ApiError } from './problem';
import type { Health, Job, JobDetail, Me, Page, QueueStats, Series, ServerNode, Services } from './types';

/** What is refused is refused again; what failed on the way may work the next time. */
function mayWork(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiError && (error.status >= 500 || error.isOffline);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: mayWork, staleTime: 5_000, gcTime: 300_000, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

/** The queries that several pages share. The live connection keeps those of jobs, services and statistics fresh. */
export const queries = {
  me: queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => api.get<Me>('api/me', {}, signal), staleTime: 60_000 }),
  health: queryOptions({ queryKey: ['health'], queryFn: readHealth, refetchInterval: 15_000 }),
  stats: queryOptions({
    queryKey: ['stats'],
    queryFn: ({ signal }) => api.get<QueueStats>('api/queue/stats', {}, signal),
  }),
  services: queryOptions({
    queryKey: ['services'],
    queryFn: ({ signal }) => api.get<Services>('api/services', {}, signal),
  }),
  nodes: queryOptions({
    queryKey: ['nodes'],
    queryFn: ({ signal }) => api.get<Page<ServerNode>>('api/nodes', { limit: 100 }, signal),
    refetchInterval: 10_000,
  }),
  /** The first page of a list of jobs. */
  jobs: (filter: Filter, limit = 50) =>
    queryOptions({
      queryKey: ['jobs', filter, limit],
      queryFn: ({ signal }) => api.get<Page<Job>>('api/jobs', { ...filter, limit }, signal),
    }),
  job: (id: string) =>
    queryOptions({
      queryKey: ['job', id],
      queryFn: ({ signal }) => api.get<JobDetail>(`api/jobs/${encodeURIComponent(id)}`, {}, signal),
    }),
  series: (seconds: number, service?: string) =>
    queryOptions({
      queryKey: ['series', seconds, service ?? ''],
      queryFn: ({ signal }) => {
        const from = new Date(Date.now() - seconds * 1000).toISOString();
        return api.get<Series>('api/series', { from, service }, signal);
      },
      refetchInterval: seconds <= 3600 ? 10_000 : 60_000,
    }),
};

/** A server that is not well answers 503, with the same fields. */
async function readHealth({ signal }: { signal: AbortSignal }): Promise<Health> {
  try {
    return await api.get<Health>('health', {}, signal);
  } catch (error) {
    if (error instanceof ApiError && error.problem.checks !== undefined) return error.problem as unknown as Health;
    throw error;
  }
}
