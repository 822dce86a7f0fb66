import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ban, ChevronDown, ChevronUp, Pencil, RotateCw, SquareTerminal } from 'lucide-react';
import { useEffect, useState } from 'react';
import { taskTakes } from '../../api/acts';
import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import { mayChangeJob } from '../../api/roles';
import type { TaskDetail } from '../../api/types';
import { useMe } from '../../app/me';
import { useKeys } from '../../keys/useKeys';
import { Button, say, sayFailure } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { endOfRetry, noteRetry, retriableTask, retryOf } from '../../steady/retries';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { EditRetry } from './EditRetry';
import { itemOf } from './input';
import { nextFailed, previousFailed } from './neighbours';
import { taskTexts } from './texts';
import { useCurl } from './useCurl';

/** What can be done with a task, as far as the caller may. Keys: `e` retries, `n` and `b` go to the next and the previous failed one. */
export function TaskActions({ task }: { readonly task: TaskDetail }) {
  const t = useTexts(taskTexts);
  const me = useMe();
  const navigate = useNavigate();
  const [isEditing, setEditing] = useState(false);
  const [isCancelling, setCancelling] = useState(false);
  const job = useQuery(queries.job(task.job_id)).data;
  const mayChange = job !== undefined && mayChangeJob(me, job);
  const isRetryable = job !== undefined && taskTakes(task, job, 'retry');
  const isCancellable = job !== undefined && taskTakes(task, job, 'cancel') && !task.cancel_requested;
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: ['task', task.id] });
    void queryClient.invalidateQueries({ queryKey: ['job', task.job_id] });
  };
  const retry = useAct({
    mutationFn: () => client.tasks.retry(task.id),
    onSuccess: () => {
      noteRetry(retriableTask(task), 1);
      say({ title: t('retried'), kind: 'good', of: retryOf(task) });
      refresh();
    },
    onError: error => sayFailure(t('couldNotRetry'), error),
  });
  useEffect(() => {
    if (endOfRetry(retriableTask(task))) say({ title: t('failedAgain'), kind: 'bad', of: retryOf(task) });
  }, [task, t]);
  const cancel = useAct({
    mutationFn: () => client.tasks.cancel(task.id),
    onSuccess: () => {
      say({ title: t('cancelled') });
      refresh();
    },
    onError: error => sayFailure(t('couldNotCancel'), error),
  });
  const curl = useCurl();
  const hasFailures = (job?.tasks.failed ?? 0) > (task.state === 'failed' ? 1 : 0);
  const next = useQuery({ ...nextFailed(task), enabled: hasFailures }).data;
  const previous = useQuery({ ...previousFailed(task), enabled: hasFailures }).data;
  const go = (taskId: string | null | undefined) =>
    taskId && void navigate({ to: '/tasks/$taskId', params: { taskId } });
  useKeys({
    e: () => mayChange && isRetryable && retry.mutate(),
    n: () => go(next),
    b: () => go(previous),
  });
  return (
    <>
      {hasFailures && (
        <>
          <Button icon={ChevronUp} label={t('previousFailed')} disabled={!previous} onClick={() => go(previous)} />
          <Button icon={ChevronDown} disabled={!next} onClick={() => go(next)} title={next ? 'n' : t('noOtherFailed')}>
            {t('nextFailed')}
          </Button>
        </>
      )}
      <Button icon={SquareTerminal} onClick={() => curl.mutate(task.id)} disabled={curl.isPending}>
        {t('curl')}
      </Button>
      {mayChange && isCancellable && (
        <Button icon={Ban} onClick={() => setCancelling(true)}>
          {t('cancel')}
        </Button>
      )}
      {mayChange && isRetryable && itemOf(task) !== undefined && (
        <Button icon={Pencil} onClick={() => setEditing(true)}>
          {t('editRetry')}
        </Button>
      )}
      {mayChange && isRetryable && (
        <Button icon={RotateCw} look="main" onClick={() => retry.mutate()} disabled={retry.isPending} title="e">
          {t('retry')}
        </Button>
      )}
      {isEditing && <EditRetry task={task} onClose={() => setEditing(false)} />}
      <ConfirmDialog
        open={isCancelling}
        onClose={() => setCancelling(false)}
        title={t('cancel')}
        consequence={t('cancelText')}
        act={t('cancel')}
        onConfirm={() => cancel.mutate()}
      />
    </>
  );
}
