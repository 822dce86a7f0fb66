import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import { Button, Copyable, Failure, Loading, Panel, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { schedulesTexts } from './texts';

type Run = Schemas['ScheduleRun'];

/** What became of each run of a schedule, newest first. */
export function Runs({ schedule, onClose }: { readonly schedule: Schemas['Schedule']; readonly onClose: () => void }) {
  const t = useTexts(schedulesTexts);
  const w = useTexts(words);
  const runs = useInfiniteQuery({
    queryKey: ['schedules', schedule.id, 'runs'],
    queryFn: ({ pageParam, signal }) =>
      client.schedules.runs(schedule.id, { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }, { signal }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: 5_000,
  });
  const all = runs.data?.pages.flatMap(page => page.data) ?? [];
  return (
    <Panel title={`${t('history')}: ${schedule.name}`} actions={<Button onClick={onClose}>{t('close')}</Button>}>
      {runs.isPending && <Loading />}
      {runs.isError && !runs.data && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data && all.length === 0 && <p className="quiet">{t('noRuns')}</p>}
      <ul className="schedules-runs">
        {all.map(run => (
          <li key={run.moment}>
            <RunLine run={run} />
          </li>
        ))}
      </ul>
      {runs.hasNextPage && (
        <Button disabled={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {w('more')}
        </Button>
      )}
    </Panel>
  );
}

const looks: Partial<Record<Run['state'], string>> = {
  running: 'state-running',
  submitted: 'state-completed',
  failed: 'state-failed',
  skipped: 'state-paused',
};

/** One run in a line: when, what became of it, its job, and why. */
export function RunLine({ run }: { readonly run: Run }) {
  const t = useTexts(schedulesTexts);
  return (
    <span className="row">
      <Time at={run.moment} />
      <span className={`chip ${looks[run.state] ?? ''}`}>{t(run.state === 'failed' ? 'runFailed' : run.state)}</span>
      {run.items !== null && <span>{t('items', { count: run.items })}</span>}
      {run.job_id && (
        <Copyable text={run.job_id}>
          <Link to="/jobs/$jobId" params={{ jobId: run.job_id }} title={run.job_id} className="cut">
            {t('job')} {run.job_name || run.job_id.slice(0, 13)}
          </Link>
        </Copyable>
      )}
      {run.asked && <span className="quiet">{t('byPerson')}</span>}
      {run.reason && <span className="quiet schedules-reason">{run.reason}</span>}
    </span>
  );
}
