import type { Job } from '../api/types';
import { changesSoon, formatMoment } from '../format/times';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { afterEstimate } from './readiness';
import { Time } from './Time';
import { useNow } from './useNow';

interface ReadyTimeProps {
  readonly job: Pick<Job, 'eta_at' | 'tasks'>;
  readonly style?: 'long' | 'narrow';
}

/**
 * When an open job will be ready. A job that waits for others, or for a full lane, has an estimate as well, which passes without any news of
 * the job: it is never said to be ready now.
 */
export function ReadyTime({ job, style = 'long' }: ReadyTimeProps) {
  const t = useTexts(words);
  const moment = job.eta_at === null ? Number.NaN : Date.parse(job.eta_at);
  useNow(changesSoon(moment, Date.now()) ? 1000 : 10_000);
  const late = afterEstimate(job, Date.now());
  if (late === undefined) return <Time at={job.eta_at} style={style} />;
  return (
    <span className="quiet" title={t('estimateWas', { time: formatMoment(moment) })}>
      {t(late)}
    </span>
  );
}
