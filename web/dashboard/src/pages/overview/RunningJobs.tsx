import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { jobName } from '../../api/jobName';
import type { Job } from '../../api/types';
import { useMay } from '../../app/me';
import { formatNumber, formatShare } from '../../format/numbers';
import { useLiveJobs } from '../../live/useLiveJobs';
import { Empty, Panel, SegmentedBar, Shown, StateChip } from '../../parts';
import { ReadyTime } from '../../parts/ReadyTime';
import { useTexts } from '../../texts/texts';
import { overviewTexts } from './texts';

const most = 10;

export function RunningJobs() {
  const t = useTexts(overviewTexts);
  const maySubmit = useMay('submit');
  const jobs = useLiveJobs({ state: 'running,pending' });
  return (
    <Panel
      title={t('running')}
      actions={
        <Link to="/jobs" search={{ state: 'running,pending' }}>
          {t('allJobs')}
        </Link>
      }
    >
      <Shown query={jobs}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty icon={CircleCheck} title={t('nothingRuns')} text={t('nothingRunsText')}>
              {maySubmit && <Link to="/submit">{t('submit')}</Link>}
            </Empty>
          ) : (
            <ul className="overview-jobs">
              {data.slice(0, most).map(job => (
                <RunningJob key={job.id} job={job} />
              ))}
            </ul>
          )
        }
      </Shown>
    </Panel>
  );
}

function RunningJob({ job }: { readonly job: Job }) {
  const t = useTexts(overviewTexts);
  const { tasks } = job;
  const over = tasks.completed + tasks.failed + tasks.cancelled;
  return (
    <li>
      <div className="row">
        <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="cut overview-job">
          {jobName(job)}
        </Link>
        <StateChip state={job.state} paused={job.paused} />
      </div>
      <SegmentedBar tasks={tasks} />
      <div className="row quiet overview-figures">
        <span className="cut">{job.service}</span>
        <span>{t('doneOf', { done: formatNumber(over), total: formatNumber(tasks.total) })}</span>
        {tasks.failed > 0 && <span className="fault">{t('failedCount', { count: tasks.failed })}</span>}
        {job.eta_at && (
          <span>
            {t('ready')} <ReadyTime job={job} style="narrow" />
          </span>
        )}
        <span className="overview-share">{formatShare(over / Math.max(1, tasks.total))}</span>
      </div>
    </li>
  );
}
