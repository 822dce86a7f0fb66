import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { client } from '../../api/client';
import { statusOf } from '../../api/errors';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';

type Rematch = Schemas['Rematch'];

const keyOf = (jobId: string) => ['rematch', jobId];

/** The last rematch of a job, null if there was none; followed while it runs. `onEnd` is called when it has ended. */
export function useRematch(jobId: string, onEnd: () => void) {
  const rematch = useQuery({
    queryKey: keyOf(jobId),
    queryFn: async ({ signal }): Promise<Rematch | null> => {
      try {
        return await client.request('/api/jobs/{id}/rematch', 'get', { path: { id: jobId }, signal });
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    refetchInterval: query => (query.state.data?.state === 'running' ? 700 : false),
  });
  const state = rematch.data?.state;
  const before = useRef(state);
  const latest = useRef(onEnd);
  latest.current = onEnd;
  useEffect(() => {
    if (before.current === 'running' && state !== 'running') latest.current();
    before.current = state;
  }, [state]);
  return rematch.data ?? undefined;
}

/** Begins to judge a job again; with a threshold, from 0 to 1, instead of the one that holds. */
export function useStartRematch(jobId: string) {
  return useMutation({
    mutationFn: (threshold: number | undefined) =>
      client.request('/api/jobs/{id}/rematch', 'post', {
        path: { id: jobId },
        body: threshold === undefined ? {} : { threshold },
      }),
    onSuccess: started => queryClient.setQueryData(keyOf(jobId), started),
  });
}

/** Has the rematch that a correction or a new name began followed. */
export function followRematch(jobId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: keyOf(jobId) });
}
