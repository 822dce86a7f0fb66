import { CirclePlay } from 'lucide-react';
import type { ReactNode } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { JobDetail } from '../../api/types';
import { useMay } from '../../app/me';
import { clause } from '../../format/reasons';
import { formatClock, formatRelative } from '../../format/times';
import { Button, sayFailure, useNow } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { actTexts } from './acts.texts';
import { jobTexts } from './texts';

/** Why a job waits, and the button that ends a pause of more than this job, or the wait for a service that did not answer. */
export function WaitReason({
  waiting,
  children,
}: {
  readonly waiting: NonNullable<JobDetail['waiting']>;
  /** What else can be done about it. */
  readonly children?: ReactNode;
}) {
  const t = useTexts(jobTexts);
  const a = useTexts(actTexts);
  const now = useNow(1000);
  const mayOperate = useMay('operate');
  const { cause, service } = waiting;
  const isPause = cause === 'queue_paused' || cause === 'service_paused' || cause === 'job_paused';
  // Resuming a service ends every other reason to wait, too.
  const isTrial = cause === 'error' && waiting.next_try_at !== null;
  const name = isTrial ? a('tryNow') : cause === 'queue_paused' ? t('resumeAll') : t('resumeService', { service });
  const resume = useAct({
    mutationFn: (): Promise<unknown> =>
      cause === 'queue_paused' ? client.services.resumeAll() : client.services.resume(service),
    onSuccess: () => queryClient.invalidateQueries(),
    onError: error => sayFailure(name, error),
  });
  return (
    <div className="job-waiting row">
      <p>
        {waiting.since
          ? t('waits', {
              address: waiting.address,
              since: formatClock(Date.parse(waiting.since), now),
              reason: clause(waiting.error_message),
            })
          : t('waitsFor', { reason: clause(waiting.error_message) })}
        {waiting.next_try_at &&
          `; ${t(waiting.error_kind ? 'again' : isPause ? 'goesOnAt' : 'goesOn', {
            when: formatRelative(Math.max(now, Date.parse(waiting.next_try_at)), now),
            time: formatClock(Date.parse(waiting.next_try_at), now),
          })}`}
      </p>
      {mayOperate && (isTrial || cause === 'queue_paused' || cause === 'service_paused') && (
        <Button icon={CirclePlay} disabled={resume.isPending} onClick={() => resume.mutate()}>
          {name}
        </Button>
      )}
      {children}
    </div>
  );
}
