import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Job } from '../../api/types';

/** The failed tasks in groups; read again when their number changes. */
export function failuresOf(jobId: string, failed: number) {
  return queryOptions({
    queryKey: ['failures', jobId, failed],
    queryFn: ({ signal }) => client.jobs.failures(jobId, { signal }),
    placeholderData: before => before,
  });
}

export function timelineOf(jobId: string, isOpen: boolean) {
  return queryOptions({
    queryKey: ['timeline', jobId],
    queryFn: ({ signal }) => client.jobs.timeline(jobId, { signal }),
    refetchInterval: isOpen ? 3000 : false,
  });
}

/** Results in the order of the items, a page at a time. */
export function resultsOf(jobId: string) {
  return infiniteQueryOptions({
    queryKey: ['results', jobId],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      client.request('/api/jobs/{id}/results', 'get', {
        path: { id: jobId },
        query: { format: 'json', limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    getNextPageParam: page => page.next ?? undefined,
  });
}

/** The newest other jobs of the same operation. */
export function otherRunsOf(job: Pick<Job, 'id' | 'service' | 'operation'>) {
  return queryOptions({
    queryKey: ['other-runs', job.id],
    queryFn: async ({ signal }) => {
      const { data } = await client.request('/api/jobs', 'get', { query: { service: job.service, limit: 50 }, signal });
      return data.filter(one => one.id !== job.id && one.operation === job.operation).slice(0, 10);
    },
  });
}

export function comparisonOf(jobId: string, other: string | undefined, kind: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['comparison', jobId, other ?? '', kind ?? ''],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      client.jobs.compare(
        jobId,
        {
          limit: 100,
          ...(other ? { with: other } : {}),
          ...(kind ? { kind: kind as 'same' } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
        { signal },
      ),
    getNextPageParam: page => page.next ?? undefined,
  });
}
