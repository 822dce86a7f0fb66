import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries';
import type { Job, Services } from '../api/types';
import { changesSoon, formatMoment } from '../format/times';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { afterEstimate, isStopped } from './readiness';
import { Time } from './Time';
import { useNow } from './useNow';

type Estimated = Pick<Job, 'eta_at' | 'tasks' | 'paused' | 'service'>;

interface ReadyTimeProps {
  readonly job: Estimated;
  readonly style?: 'long' | 'narrow';
  /** Below a head of its own, with little room. */
  readonly isCell?: boolean;
}

const cellWords = { soon: 'soon', whenTurn: 'waits', whenResumed: 'pausedWord' } as const;

/**
 * When an open job will be ready. A job that waits for others, or for a full lane, has an estimate as well, which passes without any news of
 * the job: it is never said to be ready now. While nothing may start, no clock runs.
 */
export function ReadyTime({ job, style = 'long', isCell = false }: ReadyTimeProps) {
  const t = useTexts(words);
  const moment = job.eta_at === null ? Number.NaN : Date.parse(job.eta_at);
  useNow(changesSoon(moment, Date.now()) ? 1000 : 10_000);
  const services = useKnownServices();
  const late = isStopped(job, services) ? 'whenResumed' : afterEstimate(job, Date.now());
  if (late === undefined) return <Time at={job.eta_at} style={style} />;
  return (
    <span className="quiet" title={t('estimateWas', { time: formatMoment(moment) })}>
      {t(isCell ? cellWords[late] : late)}
    </span>
  );
}

/** The services as the page knows them; a list of jobs reads none for its estimates. */
function useKnownServices(): Services | undefined {
  return useQuery({ ...queries.services, enabled: false }).data;
}
