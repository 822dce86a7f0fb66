import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { useAct } from '../../steady/useAct';

type Rematch = Schemas['Rematch'];

export const rematchKey = (jobId: string) => ['rematch', jobId];

/** Has everything that shows the job read again, also the results of pages that are not open now. */
export function jobChanged(jobId: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey.includes(jobId) && queryKey[0] !== 'rematch' && queryKey[0] !== 'groups',
  });
}

/** The last rematch of a job, null if there was none; followed while it runs. When it has ended, the job's results are read again. */
export function useRematch(jobId: string): Rematch | undefined {
  const rematch = useQuery({
    queryKey: rematchKey(jobId),
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<Rematch | null>(rematchKey(jobId));
      const now = await readRematch(jobId, signal);
      const isNew = before !== undefined && (before?.bulk !== now?.bulk || before?.state !== now?.state);
      if (isNew && now?.state !== 'running') void jobChanged(jobId);
      return now;
    },
    refetchInterval: query => (query.state.data?.state === 'running' ? 700 : false),
  });
  return rematch.data ?? undefined;
}

async function readRematch(jobId: string, signal: AbortSignal): Promise<Rematch | null> {
  const rematch = await client.request('/api/jobs/{id}/rematch', 'get', { path: { id: jobId }, signal });
  return rematch.state === 'none' ? null : rematch;
}

/** Begins to judge a job again; with a threshold, from 0 to 1, instead of the one that holds. */
export function useStartRematch(jobId: string) {
  return useAct({
    mutationFn: (threshold: number | undefined) =>
      client.request('/api/jobs/{id}/rematch', 'post', {
        path: { id: jobId },
        body: threshold === undefined ? {} : { threshold },
      }),
    onSuccess: started => queryClient.setQueryData(rematchKey(jobId), started),
  });
}

/** Has the rematch that a correction or a new name began followed. */
export function followRematch(jobId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: rematchKey(jobId) });
}
