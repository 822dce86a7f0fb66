import { useQuery } from '@tanstack/react-query';
import type { JobDetail, Schemas } from '../../api/types';
import { formatDuration } from '../../format/durations';
import { formatNumber } from '../../format/numbers';
import { formatClockSeconds, formatMoment } from '../../format/times';
import { Panel, Shown, Time } from '../../parts';
import { useOnEnd } from '../../steady/useOnEnd';
import { useTexts } from '../../texts/texts';
import { timelineOf } from './queries';
import { barsOf, restsOf } from './steps';
import { timelineTexts } from './timeline.texts';

/** What happened to the job, and how many tasks ended when. */
export default function TimelineTab({ job }: { readonly job: JobDetail }) {
  const t = useTexts(timelineTexts);
  const isOpen = job.state === 'running' || job.state === 'pending';
  const timeline = useQuery(timelineOf(job.id, isOpen));
  useOnEnd(isOpen, () => void timeline.refetch());
  return (
    <Shown query={timeline}>
      {data => (
        <div className="stack">
          <Panel title={t('throughput')}>
            <Throughput timeline={data} />
          </Panel>
          <Panel title={t('events')}>
            <ol className="job-events">
              {happened(data).map(event => (
                <li key={`${event.at} ${event.event}`}>
                  <span>
                    {event.event === 'rest'
                      ? t('rest_event', { time: formatDuration(event.seconds) })
                      : t(`${event.event}_event`)}
                  </span>
                  <span className="quiet">
                    {formatMoment(Date.parse(event.at))} (<Time at={event.at} />)
                  </span>
                </li>
              ))}
            </ol>
          </Panel>
        </div>
      )}
    </Shown>
  );
}

/** What the server notes, and the rests between, in the order of time. */
function happened({ events, steps, step_seconds }: Schemas['Timeline']) {
  const rests = restsOf(steps, step_seconds).map(rest => ({ ...rest, event: 'rest' as const }));
  return [...events.map(event => ({ ...event, seconds: 0 })), ...rests].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}

function Throughput({ timeline }: { readonly timeline: Schemas['Timeline'] }) {
  const t = useTexts(timelineTexts);
  const { bars, seconds } = barsOf(timeline.steps, timeline.step_seconds);
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) return <p className="quiet">{t('nothingEnded')}</p>;
  const most = Math.max(1, ...bars.map(bar => bar.completed + bar.failed));
  return (
    <>
      <ol className="job-bars">
        {bars.map(bar => {
          const label = t('bar', {
            at: formatMoment(Date.parse(bar.at)),
            completed: formatNumber(bar.completed),
            failed: formatNumber(bar.failed),
          });
          return (
            <li key={bar.at} className="job-step" title={label}>
              {bar.completed + bar.failed > 0 && <span className="only-read-aloud">{label}</span>}
              {bar.failed > 0 && <span className="state-failed" style={{ height: `${(100 * bar.failed) / most}%` }} />}
              {bar.completed > 0 && (
                <span className="state-completed" style={{ height: `${(100 * bar.completed) / most}%` }} />
              )}
            </li>
          );
        })}
      </ol>
      <p className="quiet job-axis">
        <span>{formatClockSeconds(Date.parse(first.at))}</span>
        <span>{t('step', { time: formatDuration(seconds), count: most })}</span>
        <span>{formatClockSeconds(Date.parse(last.at) + seconds * 1000)}</span>
      </p>
    </>
  );
}
