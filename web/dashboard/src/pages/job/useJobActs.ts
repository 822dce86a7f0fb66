import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { client } from '../../api/client';
import { forget, queryClient } from '../../api/queries';
import type { JobDetail, Schemas } from '../../api/types';
import { say, sayFailure } from '../../parts';
import { endOfRetry, noteRetry, retriableJob, retryOf } from '../../steady/retries';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { noteOwnAct } from '../jobs/ownActs';
import { actTexts } from './acts.texts';
import { jobTexts } from './texts';

/** The changes of a job; each says what it did, or why it could not. */
export function useJobActs(job: JobDetail) {
  const t = useTexts(jobTexts);
  const a = useTexts(actTexts);
  const navigate = useNavigate();
  const onError = (error: Error) => sayFailure(t('fault'), error);
  const refresh = () => {
    noteOwnAct('changed', [job.id]);
    for (const queryKey of [
      ['job', job.id],
      ['tasks'],
      ['failures', job.id],
      ['results', job.id],
      ['timeline', job.id],
    ]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  useEffect(() => {
    const again = endOfRetry(retriableJob(job));
    if (again) say({ title: a('failedAgain', { count: again }), kind: 'bad', of: retryOf(job) });
  }, [job, a]);
  const done = (title: string) => {
    say({ title, kind: 'good' });
    refresh();
  };
  const resume = useAct({
    mutationFn: () => client.jobs.resume(job.id),
    onSuccess: () => done(t('resumed')),
    onError,
  });
  const pause = useAct({
    mutationFn: () => client.jobs.pause(job.id),
    onSuccess: () => {
      say({ title: t('paused'), action: { label: t('undo'), act: () => resume.mutate() } });
      refresh();
    },
    onError,
  });
  const cancel = useAct({
    mutationFn: () => client.jobs.cancel(job.id),
    onSuccess: () => done(t('didCancel')),
    onError,
  });
  const retry = useAct({
    mutationFn: () => client.jobs.retry(job.id, { only: 'failed' }),
    onSuccess: answer => {
      noteRetry(retriableJob(job), answer.retried_tasks);
      say({ title: a('didRetry', { count: answer.retried_tasks }), kind: 'good', of: retryOf(job) });
      refresh();
    },
    onError,
  });
  const rerun = useAct({
    mutationFn: (only: Schemas['RerunScope'] | undefined) => client.jobs.rerun(job.id, only ? { only } : {}),
    onSuccess: answer => {
      say({ title: t('didRerun'), kind: 'good' });
      void navigate({ to: '/jobs/$jobId', params: { jobId: answer.job_id } });
    },
    onError,
  });
  const priority = useAct({
    mutationFn: (value: number) => client.jobs.patch(job.id, { priority: value }),
    onSuccess: changed => done(t('didPriority', { priority: changed.priority })),
    onError,
  });
  const remove = useAct({
    mutationFn: () => client.jobs.delete(job.id),
    onSuccess: async () => {
      say({ title: t('didDelete') });
      noteOwnAct('removed', [job.id]);
      await navigate({ to: '/jobs' });
      forget(job.id);
    },
    onError,
  });
  return { resume, pause, cancel, retry, rerun, priority, remove };
}
