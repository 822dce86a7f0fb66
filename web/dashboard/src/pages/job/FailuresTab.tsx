import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, Pencil, RotateCw, SkipForward, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { isEndedBatch, jobTakes } from '../../api/acts';
import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import { mayChangeJob } from '../../api/roles';
import type { JobDetail, Schemas } from '../../api/types';
import { useMe } from '../../app/me';
import { Button, Empty, Shown, say, sayFailure, Time } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { noteRetry, retriableJob, retryOf } from '../../steady/retries';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { EditRetry } from '../task/EditRetry';
import { itemOf } from '../task/input';
import { useCurl } from '../task/useCurl';
import { actTexts } from './acts.texts';
import { failuresOf } from './queries';
import { jobTexts } from './texts';

type Group = Schemas['FailureGroup'];

/** Why tasks failed, in groups of one reason each, with what to do about each group. */
export default function FailuresTab({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const mayChange = mayChangeJob(useMe(), job) && jobTakes(job, 'retry');
  const failures = useQuery(failuresOf(job.id, job.tasks.failed));
  return (
    <Shown query={failures}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty icon={CircleCheck} title={t('noFailures')} text={t('noFailuresText')} />
        ) : (
          <div className="stack">
            {isEndedBatch(job) && <p className="quiet">{t('endedBatch', { batch: job.batch_id ?? '' })}</p>}
            <ul className="job-groups">
              {data.map(group => (
                <FailureGroup key={group.fingerprint} job={job} group={group} mayChange={mayChange} />
              ))}
            </ul>
          </div>
        )
      }
    </Shown>
  );
}

interface FailureGroupProps {
  readonly job: JobDetail;
  readonly group: Group;
  readonly mayChange: boolean;
}

function FailureGroup({ job, group, mayChange }: FailureGroupProps) {
  const t = useTexts(jobTexts);
  const a = useTexts(actTexts);
  const [isSkipping, setSkipping] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const [example] = group.examples;
  const { fingerprint, count } = group;
  const refresh = () => {
    for (const queryKey of [['job', job.id], ['failures', job.id], ['tasks']]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  const onError = (error: Error) => sayFailure(t('fault'), error);
  const retry = useAct({
    mutationFn: () => client.jobs.retryFailures(job.id, fingerprint!),
    onSuccess: answer => {
      noteRetry(retriableJob(job), answer.tasks);
      say({ title: a('didRetry', { count: answer.tasks }), kind: 'good', of: retryOf(job) });
      refresh();
    },
    onError,
  });
  const skip = useAct({
    mutationFn: () => client.jobs.skipFailures(job.id, fingerprint!),
    onSuccess: answer => {
      say({ title: a('didSkip', { count: answer.tasks }) });
      refresh();
    },
    onError,
  });
  const curl = useCurl();
  const task = useQuery({ ...queries.task(example ?? ''), enabled: example !== undefined && mayChange }).data;
  const isEditable = task !== undefined && itemOf(task) !== undefined;
  return (
    <li className="job-group" aria-label={group.message ?? group.error_kind}>
      <div className="row">
        <span className="chip state-failed">{t('groupCount', { count })}</span>
        <span className="tag">{group.error_kind}</span>
        {group.http_status !== null && <span className="tag">HTTP {group.http_status}</span>}
        <span className="quiet">
          {t('lastAt')} <Time at={group.last_at} />
        </span>
      </div>
      <p>{group.message ?? group.pattern}</p>
      <div className="row">
        {mayChange && fingerprint && (
          <Button icon={RotateCw} onClick={() => retry.mutate()} disabled={retry.isPending}>
            {t('retryGroup')}
          </Button>
        )}
        {mayChange && isEditable && (
          <Button icon={Pencil} onClick={() => setEditing(true)}>
            {t('editExample')}
          </Button>
        )}
        {mayChange && fingerprint && (
          <Button icon={SkipForward} onClick={() => setSkipping(true)} disabled={skip.isPending}>
            {t('skip')}
          </Button>
        )}
        {example && (
          <Button icon={SquareTerminal} onClick={() => curl.mutate(example)} disabled={curl.isPending}>
            {t('curl')}
          </Button>
        )}
        {fingerprint && (
          <Link to="/jobs/$jobId" params={{ jobId: job.id }} search={{ tab: 'tasks', state: 'failed', fingerprint }}>
            {t('showTasks')}
          </Link>
        )}
        {example && (
          <Link to="/tasks/$taskId" params={{ taskId: example }}>
            {t('example')} {group.example_names[0] ?? ''}
          </Link>
        )}
      </div>
      {isEditing && task && <EditRetry task={task} onClose={() => setEditing(false)} />}
      <ConfirmDialog
        open={isSkipping}
        onClose={() => setSkipping(false)}
        title={a('skipTitle')}
        consequence={a('skipText', { count })}
        act={t('skip')}
        count={count}
        onConfirm={() => skip.mutate()}
      />
    </li>
  );
}
