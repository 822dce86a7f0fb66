import { Ban, Pause, Play, RotateCw } from 'lucide-react';
import { Suspense, useState } from 'react';
import { isEndedBatch, jobTakes } from '../../api/acts';
import { mayChangeJob } from '../../api/roles';
import type { JobDetail } from '../../api/types';
import { useMay, useMe } from '../../app/me';
import { useKeys } from '../../keys/useKeys';
import { Button } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { lazyPart } from '../../parts/patient';
import { useTexts } from '../../texts/texts';
import { MoreMenu } from './MoreMenu';
import { jobTexts } from './texts';
import { useJobActs } from './useJobActs';

const RenameJob = lazyPart(() => import('./RenameJob'));

/** What can be done with the job, as far as the caller may. Keys: `e` retries what failed, `p` pauses and resumes. */
export function JobActions({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const mayChange = mayChangeJob(useMe(), job);
  const maySubmit = useMay('submit');
  const acts = useJobActs(job);
  const [asked, setAsked] = useState<'cancel' | 'delete' | 'rename'>();
  const { tasks } = job;
  const takes = (act: Parameters<typeof jobTakes>[1]) => mayChange && jobTakes(job, act);
  const open = tasks.available + tasks.scheduled + tasks.running;
  useKeys({
    e: () => takes('retry') && acts.retry.mutate(),
    p: () => takes('pause') && (job.paused ? acts.resume : acts.pause).mutate(),
  });
  return (
    <>
      {takes('pause') && (
        <Button
          icon={job.paused ? Play : Pause}
          onClick={() => (job.paused ? acts.resume : acts.pause).mutate()}
          disabled={acts.pause.isPending || acts.resume.isPending}
          title="p"
        >
          {t(job.paused ? 'resume' : 'pause')}
        </Button>
      )}
      {takes('cancel') && (
        <Button icon={Ban} onClick={() => setAsked('cancel')} disabled={acts.cancel.isPending}>
          {t('cancel')}
        </Button>
      )}
      {takes('retry') && (
        <Button
          icon={RotateCw}
          look="main"
          onClick={() => acts.retry.mutate()}
          disabled={acts.retry.isPending}
          title="e"
        >
          {t('retryFailed')}
        </Button>
      )}
      {maySubmit && isEndedBatch(job) && tasks.failed > 0 && (
        <Button
          icon={RotateCw}
          look="main"
          title={t('endedBatch', { batch: job.batch_id ?? '' })}
          onClick={() => acts.rerun.mutate('failed')}
          disabled={acts.rerun.isPending}
        >
          {t('rerunFailedNew')}
        </Button>
      )}
      <MoreMenu
        job={job}
        mayChange={mayChange}
        maySubmit={maySubmit}
        onRerun={only => acts.rerun.mutate(only)}
        onRename={() => setAsked('rename')}
        onPriority={value => acts.priority.mutate(value)}
        onDelete={() => setAsked('delete')}
      />
      <Suspense>{asked === 'rename' && <RenameJob job={job} onClose={() => setAsked(undefined)} />}</Suspense>
      <ConfirmDialog
        open={asked === 'cancel'}
        onClose={() => setAsked(undefined)}
        title={t('cancelTitle')}
        consequence={t('cancelText', { count: open })}
        act={t('cancel')}
        count={open}
        onConfirm={() => acts.cancel.mutate()}
      />
      <ConfirmDialog
        open={asked === 'delete'}
        onClose={() => setAsked(undefined)}
        title={t('deleteTitle')}
        consequence={t('deleteText', { count: tasks.total })}
        act={t('delete')}
        count={tasks.total}
        onConfirm={() => acts.remove.mutate()}
      />
    </>
  );
}
