import { useQuery } from '@tanstack/react-query';
import type { JobDetail, Schemas } from '../../api/types';
import { formatDuration } from '../../format/durations';
import { formatNumber } from '../../format/numbers';
import { formatMoment } from '../../format/times';
import { Panel, Shown, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { timelineOf } from './queries';
import { jobTexts } from './texts';

/** What happened to the job, and how many tasks ended when. */
export default function TimelineTab({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const timeline = useQuery(timelineOf(job.id, job.state === 'running' || job.state === 'pending'));
  return (
    <Shown query={timeline}>
      {data => (
        <div className="stack">
          <Panel title={t('throughput')}>
            {data.steps.length === 0 ? (
              <p className="quiet">{t('nothingEnded')}</p>
            ) : (
              <>
                <Bars steps={data.steps} />
                <p className="quiet">{t('step', { time: formatDuration(data.step_seconds) })}</p>
              </>
            )}
          </Panel>
          <Panel title={t('events')}>
            <ol className="job-events">
              {data.events.map(event => (
                <li key={`${event.at} ${event.event}`}>
                  <span>{t(`${event.event}_event`)}</span>
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

function Bars({ steps }: { readonly steps: readonly Schemas['TimelineStep'][] }) {
  const t = useTexts(jobTexts);
  const most = Math.max(1, ...steps.map(step => step.completed + step.failed));
  return (
    <ol className="job-bars">
      {steps.map(step => {
        const label = t('bar', {
          at: formatMoment(Date.parse(step.at)),
          completed: formatNumber(step.completed),
          failed: formatNumber(step.failed),
        });
        return (
          <li key={step.at} className="job-step" title={label}>
            <span className="only-read-aloud">{label}</span>
            <span className="state-failed" style={{ height: `${(100 * step.failed) / most}%` }} />
            <span className="state-completed" style={{ height: `${(100 * step.completed) / most}%` }} />
          </li>
        );
      })}
    </ol>
  );
}
