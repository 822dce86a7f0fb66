import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Suspense, useEffect, useRef } from 'react';
import { jobName } from '../../api/jobName';
import { queries } from '../../api/queries';
import type { JobDetail } from '../../api/types';
import { useSearchState } from '../../app/useSearchState';
import { formatNumber } from '../../format/numbers';
import { useLive } from '../../live/live';
import { Broken, Copyable, Guarded, Loading, PageHeader, Shown, StateChip } from '../../parts';
import { lazyPart } from '../../parts/patient';
import { useTexts } from '../../texts/texts';
import { TaskList } from '../tasks/TaskList';
import { Figures } from './Figures';
import { JobActions } from './JobActions';
import './job.css';
import { jobTexts } from './texts';

const ResultsTab = lazyPart(() => import('./ResultsTab'));
const FailuresTab = lazyPart(() => import('./FailuresTab'));
const TimelineTab = lazyPart(() => import('./TimelineTab'));
const ConfigTab = lazyPart(() => import('./ConfigTab'));
const CompareTab = lazyPart(() => import('./CompareTab'));

const tabs = ['results', 'tasks', 'failures', 'timeline', 'config', 'compare'] as const;
type Tab = (typeof tabs)[number];

/** One job, live: its figures, what can be done with it, and its parts as tabs. */
export default function JobPage() {
  const { jobId = '' } = useParams({ strict: false });
  useLive({ kind: 'job', id: jobId });
  const job = useQuery(queries.job(jobId));
  const t = useTexts(jobTexts);
  return (
    <Shown query={job} heading={t('job')}>
      {data => <JobView key={data.id} job={data} />}
    </Shown>
  );
}

function JobView({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const [search] = useSearchState();
  const tab = tabs.find(one => one === search.tab) ?? 'results';
  const bar = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another one to bring into view.
  useEffect(() => {
    const chosen = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (chosen) bar.current!.scrollLeft = chosen.offsetLeft - (bar.current!.clientWidth - chosen.offsetWidth) / 2;
  }, [tab]);
  return (
    <>
      <PageHeader
        title={jobName(job)}
        beside={<StateChip state={job.state} paused={job.paused} />}
        actions={<JobActions job={job} />}
        summary={
          <div className="row">
            <Link to="/services/$service" params={{ service: job.service }}>
              {job.service} {job.operation}
            </Link>
            {job.tags.map(tag => (
              <Link key={tag} to="/jobs" search={{ tag }} className="tag">
                {tag}
              </Link>
            ))}
            <Copyable text={job.id}>
              <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
                <code>{job.id}</code>
              </Link>
            </Copyable>
          </div>
        }
      />
      <div className="stack">
        <Figures job={job} />
        <nav ref={bar} className="job-tabs" aria-label={t('tabs')}>
          {tabs.map(one => (
            <Link
              key={one}
              to="/jobs/$jobId"
              params={{ jobId: job.id }}
              search={one === 'results' ? {} : { tab: one }}
              resetScroll={false}
              className="job-tab"
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={one === tab ? 'page' : undefined}
            >
              {t(one)}
              {one === 'failures' && job.tasks.failed > 0 && (
                <span className="chip state-failed">{formatNumber(job.tasks.failed)}</span>
              )}
            </Link>
          ))}
        </nav>
        <Guarded of={`${tab} ${job.version}`} fallback={again => <Broken again={again} />}>
          <Suspense fallback={<Loading />}>
            <TabView tab={tab} job={job} />
          </Suspense>
        </Guarded>
      </div>
    </>
  );
}

function TabView({ tab, job }: { readonly tab: Tab; readonly job: JobDetail }) {
  switch (tab) {
    case 'results':
      return <ResultsTab job={job} />;
    case 'tasks':
      return <TaskList jobId={job.id} isOpen={job.state === 'running' || job.state === 'pending'} />;
    case 'failures':
      return <FailuresTab job={job} />;
    case 'timeline':
      return <TimelineTab job={job} />;
    case 'config':
      return <ConfigTab job={job} />;
    case 'compare':
      return <CompareTab job={job} />;
  }
}
