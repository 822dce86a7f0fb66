import type { ReactNode } from 'react';
import type { JobDetail } from '../../api/types';
import { formatDuration } from '../../format/durations';
import { formatNumber, formatRate, formatShare } from '../../format/numbers';
import { SegmentedBar, Time, useNow } from '../../parts';
import { ReadyTime } from '../../parts/ReadyTime';
import { afterEstimate } from '../../parts/readiness';
import { useTexts } from '../../texts/texts';
import { secondsToLate } from './eta';
import { JobPauseEnd } from './JobPauseEnd';
import { jobTexts } from './texts';
import { tookOf } from './took';
import { WaitReason } from './WaitReason';

/** How far the job is, how fast, and when it will be ready. */
export function Figures({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const now = useNow(1000);
  const { tasks, waiting } = job;
  const left = tasks.available + tasks.scheduled;
  const over = tasks.completed + tasks.failed + tasks.cancelled;
  const isOpen = job.state === 'running' || job.state === 'pending';
  const late = secondsToLate(job, now);
  // Below a second there is nothing left to say of the late one.
  const isCounting = late !== undefined && !waiting && afterEstimate(job, now) === undefined;
  const took = tookOf(job);
  return (
    <section className="panel job-figures" aria-label={t('figures')}>
      <SegmentedBar tasks={tasks} tall />
      <dl>
        <Figure name={t('done')} of={t('of', { total: formatNumber(tasks.total) })}>
          {formatNumber(tasks.completed)}
        </Figure>
        {tasks.cached > 0 && (
          <Figure name={t('cached')} of={t('cachedOf')}>
            {formatNumber(tasks.cached)}
          </Figure>
        )}
        {tasks.failed > 0 && (
          <Figure name={t('failed')}>
            <span className="fault">{formatNumber(tasks.failed)}</span>
          </Figure>
        )}
        {tasks.running > 0 && <Figure name={t('running')}>{formatNumber(tasks.running)}</Figure>}
        {left > 0 && <Figure name={t('left')}>{formatNumber(left)}</Figure>}
        {tasks.cancelled > 0 && <Figure name={t('cancelled')}>{formatNumber(tasks.cancelled)}</Figure>}
        {isOpen && job.tasks_per_second !== null && (
          <Figure name={t('rate')}>{t('rateOf', { rate: formatRate(job.tasks_per_second) })}</Figure>
        )}
        {isOpen && job.eta_at && (
          <Figure name={t('ready')} of={isCounting && late >= 1 ? t('readyLate', { time: formatDuration(late) }) : ''}>
            <ReadyTime job={job} />
          </Figure>
        )}
        {isOpen && (job.tasks_ahead ?? 0) > 0 && (
          <Figure name={t('tasksAhead')}>{formatNumber(job.tasks_ahead!)}</Figure>
        )}
        {took !== undefined && (
          <Figure name={t('took')} of={took.idle ? t('tookCalls', { time: formatDuration(took.calls) }) : ''}>
            {formatDuration(took.seconds)}
          </Figure>
        )}
        {job.cost !== null && <Figure name={t('costSoFar')}>{formatNumber(job.cost, 6)}</Figure>}
        <Figure name={t('priority')}>{formatNumber(job.priority)}</Figure>
        <Figure name={t('created')} of={job.owner ? t('owner', { owner: job.owner }) : ''}>
          <Time at={job.created_at} />
        </Figure>
        {job.start_at && job.state === 'pending' && (
          <Figure name={t('startAt')}>
            <Time at={job.start_at} isExpected />
          </Figure>
        )}
        {job.deadline_at && (
          <Figure name={t('deadline')}>
            <Time at={job.deadline_at} />
          </Figure>
        )}
      </dl>
      {waiting && <WaitReason waiting={waiting}>{job.paused && <JobPauseEnd job={job} />}</WaitReason>}
      <p className="only-read-aloud">{formatShare(over / Math.max(1, tasks.total))}</p>
    </section>
  );
}

function Figure({ name, of, children }: { readonly name: string; readonly of?: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{children}</b> {of && <span className="quiet">{of}</span>}
      </dd>
    </div>
  );
}
