import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';

export type Clusters = Schemas['Clusters'];
export type Group = Schemas['FaceGroup'];

/** The groups of a job's unknown faces; null before the first request for them. Followed while they are made. */
export const groupsOf = (jobId: string) =>
  infiniteQueryOptions({
    queryKey: ['groups', jobId, 'list'],
    queryFn: async ({ signal, pageParam: cursor }): Promise<Clusters | null> => {
      const clusters = await client.request('/api/jobs/{id}/clusters', 'get', {
        path: { id: jobId },
        query: { limit: 30, ...(cursor && { cursor }) },
        signal,
      });
      return clusters.state === 'none' ? null : clusters;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page?.next,
    refetchInterval: query => (query.state.data?.pages[0]?.state === 'running' ? 700 : false),
  });

export const facesOf = (jobId: string, group: string) =>
  infiniteQueryOptions({
    queryKey: ['groups', jobId, 'faces', group],
    queryFn: ({ signal, pageParam: cursor }) =>
      client.request('/api/jobs/{id}/clusters/{group}', 'get', {
        path: { id: jobId, group },
        query: { limit: 60, ...(cursor && { cursor }) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next,
  });

export const readGroupsAgain = (jobId: string) => queryClient.resetQueries({ queryKey: ['groups', jobId] });
