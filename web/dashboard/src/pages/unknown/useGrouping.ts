import { client } from '../../api/client';
import { sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { readGroupsAgain } from './queries';
import { unknownTexts } from './texts';

/** Groups the unknown faces of a job, in groups of so many faces or more. */
export function useGrouping(jobId: string) {
  const t = useTexts(unknownTexts);
  return useAct({
    mutationFn: (smallest: number) =>
      client.request('/api/jobs/{id}/clusters', 'post', { path: { id: jobId }, body: { min_faces: smallest } }),
    onSuccess: () => readGroupsAgain(jobId),
    onError: error => sayFailure(t('startFailed'), error),
  });
}
