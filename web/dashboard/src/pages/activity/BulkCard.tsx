import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Square } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { client } from '../../api/client';
import { jobName } from '../../api/jobName';
import { queries, queryClient } from '../../api/queries';
import { mayChangeJob } from '../../api/roles';
import { useMe } from '../../app/me';
import { Button, Copyable, StateChip, sayFailure, Time } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { filterWords, jobsSearch } from './bulkFilter';
import type { Bulk } from './queries';
import { activityTexts } from './texts';

interface BulkCardProps {
  readonly bulk: Bulk;
  /** The address names it. */
  readonly isChosen: boolean;
}

export function BulkCard({ bulk, isChosen }: BulkCardProps) {
  const t = useTexts(activityTexts);
  const me = useMe();
  const place = useRef<HTMLLIElement>(null);
  const stop = useAct({
    mutationFn: () => client.bulk.stop(bulk.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['bulk'] }),
    onError: error => sayFailure(t('stop'), error),
  });
  useEffect(() => {
    if (isChosen) place.current?.scrollIntoView({ block: 'center' });
  }, [isChosen]);
  const isRunning = bulk.state === 'running';
  const over = bulk.done + bulk.failed;
  const progress =
    bulk.matched === 0 && !isRunning
      ? t('noMatch')
      : t(isRunning ? 'progressSoFar' : 'progress', { done: over, count: bulk.matched });
  const search = jobsSearch(bulk.filter);
  const written = filterWords(bulk.filter) || t('everyJob');
  return (
    <li ref={place} className={isChosen ? 'panel activity-chosen' : 'panel'}>
      <div className="row">
        <h2>{t(bulk.action, { value: String(bulk.priority ?? bulk.threshold ?? '') })}</h2>
        <StateChip state={bulk.state} />
        {search ? (
          <Link to="/jobs" search={search} className="activity-filter">
            {written}
          </Link>
        ) : (
          <ChosenJobs ids={bulk.filter.ids ?? []} />
        )}
        <span className="activity-end">
          {isRunning && mayChangeJob(me, { owner: bulk.asked_by }) && (
            <Button icon={Square} disabled={stop.isPending} onClick={() => stop.mutate()}>
              {t('stop')}
            </Button>
          )}
        </span>
      </div>
      {(isRunning || over < bulk.matched) && (
        <progress className="activity-bar" max={Math.max(1, bulk.matched)} value={over} aria-label={progress} />
      )}
      <div className="row quiet activity-figures">
        <span>{progress}</span>
        {bulk.failed > 0 && <span className="fault">{t('failedJobs', { count: bulk.failed })}</span>}
        <span>
          <Time at={bulk.created_at} />
          {bulk.asked_by && ` · ${bulk.asked_by}`}
        </span>
        <Copyable text={bulk.id}>
          <Link to="/activity" search={{ id: bulk.id }}>
            <code>{bulk.id.slice(0, 13)}</code>
          </Link>
        </Copyable>
      </div>
      {bulk.error && <p className="fault">{bulk.error}</p>}
    </li>
  );
}

/** The chosen jobs by the name of the first; one that was deleted since has none any more. */
function ChosenJobs({ ids }: { readonly ids: readonly string[] }) {
  const t = useTexts(activityTexts);
  const [first = ''] = ids;
  const { data: job } = useQuery({ ...queries.job(first), enabled: first !== '', staleTime: 60_000 });
  if (!job) return <span className="activity-filter">{t('chosenJobs', { count: ids.length })}</span>;
  return (
    <span className="activity-filter">
      <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
        {jobName(job)}
      </Link>{' '}
      {ids.length > 1 && t('andMore', { count: ids.length - 1 })}
    </span>
  );
}
