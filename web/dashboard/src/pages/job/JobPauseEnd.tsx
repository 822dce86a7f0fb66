import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { mayChangeJob } from '../../api/roles';
import type { JobDetail } from '../../api/types';
import { useMe } from '../../app/me';
import { sayFailure } from '../../parts';
import { PauseEnd } from '../../parts/PauseEnd';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { noteOwnAct } from '../jobs/ownActs';
import { jobTexts } from './texts';

/** Gives the pause of the job another end, for who may change the job. */
export function JobPauseEnd({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const may = mayChangeJob(useMe(), job);
  const pause = useAct({
    mutationFn: (end: { readonly until?: string }) => client.jobs.pause(job.id, end),
    onSuccess: () => {
      noteOwnAct('changed', [job.id]);
      void queryClient.invalidateQueries({ queryKey: ['job', job.id] });
    },
    onError: error => sayFailure(t('fault'), error),
  });
  return may && <PauseEnd until={job.paused_until} onPause={pause.mutate} />;
}
