import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Hourglass, UserCheck, Users } from 'lucide-react';
import { useId, useState } from 'react';
import { client } from '../../api/client';
import { jobName } from '../../api/jobName';
import { queries } from '../../api/queries';
import { mayChangeJob } from '../../api/roles';
import type { Job } from '../../api/types';
import { useMe } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { useLive } from '../../live/live';
import { Button, Empty, PageHeader, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { useRematch } from '../../views/faces/useRematch';
import { NeedsFaces, ShownPeople } from '../people/Faces';
import '../people/people.css';
import { type Figures, figuresOf, isOutdated } from './figures';
import { GroupCard } from './GroupCard';
import { GroupDialog } from './GroupDialog';
import { type Clusters, groupsOf, readGroupsAgain } from './queries';
import { unknownTexts } from './texts';
import { useGrouping } from './useGrouping';
import './unknown.css';

/** The faces of a job that nobody is known by, grouped by person. */
export default function UnknownFacesPage() {
  const t = useTexts(unknownTexts);
  const { jobId = '' } = useParams({ strict: false });
  useLive({ kind: 'job', id: jobId });
  const job = useQuery(queries.job(jobId));
  return (
    <>
      <PageHeader
        title={t('title')}
        summary={
          job.data && (
            <>
              {t('of')}{' '}
              <Link to="/jobs/$jobId" params={{ jobId }}>
                {jobName(job.data)}
              </Link>
            </>
          )
        }
      />
      <NeedsFaces>
        <ShownPeople query={job}>
          {shown =>
            shown.state === 'pending' || shown.state === 'running' ? (
              <Empty icon={Hourglass} title={t('notEnded')} text={t('notEndedText')} />
            ) : (
              <Groups job={shown} />
            )
          }
        </ShownPeople>
      </NeedsFaces>
    </>
  );
}

function Groups({ job }: { readonly job: Job }) {
  const t = useTexts(unknownTexts);
  const w = useTexts(words);
  const [search, change] = useSearchState();
  const groups = useInfiniteQuery(groupsOf(job.id));
  const mayName = mayChangeJob(useMe(), job);
  return (
    <ShownPeople query={groups}>
      {({ pages }) => {
        const [first] = pages;
        const all = pages.flatMap(page => page?.data ?? []);
        const isOver = first?.state === 'completed';
        const opened = search.group === undefined ? undefined : all.find(one => one.group === search.group);
        return (
          <div className="stack">
            <Start
              job={job}
              clusters={first ?? undefined}
              figures={figuresOf(first, all, groups.hasNextPage)}
              isNamed={all.some(group => group.person)}
            />
            {!first && <Empty icon={Users} title={t('notYet')} text={t('why')} />}
            {isOver && all.length === 0 && first.unknown === 0 && (
              <Empty icon={UserCheck} title={t('allKnown')} text={t('allKnownText')} />
            )}
            {isOver && all.length === 0 && first.groups === 0 && first.unknown > 0 && (
              <Empty
                icon={Users}
                title={t('noneTwice')}
                text={t('noneTwiceText', { unknown: first.unknown, faces: first.min_faces })}
              >
                {mayName && first.min_faces > 1 && <Single job={job} />}
              </Empty>
            )}
            <ul className="unknown-groups" aria-label={t('title')}>
              {all.map((group, index) => (
                <GroupCard
                  key={group.group}
                  group={group}
                  number={index + 1}
                  mayName={mayName}
                  onOpen={() => change({ group: group.group })}
                />
              ))}
            </ul>
            {groups.hasNextPage && (
              <div className="row people-more">
                <Button disabled={groups.isFetchingNextPage} onClick={() => void groups.fetchNextPage()}>
                  {w('more')}
                </Button>
              </div>
            )}
            {opened && (
              <GroupDialog
                job={job}
                group={opened}
                number={all.indexOf(opened) + 1}
                mayName={mayName}
                onClose={() => change({ group: undefined })}
              />
            )}
          </div>
        );
      }}
    </ShownPeople>
  );
}

interface StartProps {
  readonly job: Job;
  readonly clusters: Clusters | undefined;
  readonly figures: Figures;
  readonly isNamed: boolean;
}

/** What was found, and the button that groups; while it works, how far it is. */
function Start({ job, clusters, figures, isNamed }: StartProps) {
  const t = useTexts(unknownTexts);
  const id = useId();
  const may = mayChangeJob(useMe(), job);
  const [typed, setSmallest] = useState<number>();
  const smallest = typed ?? clusters?.min_faces ?? 2;
  const isOld = isOutdated(clusters, useRematch(job.id), job);
  const start = useGrouping(job.id);
  const stop = useAct({
    mutationFn: (bulk: string) => client.request('/api/bulk/{id}/stop', 'post', { path: { id: bulk } }),
    onSuccess: () => readGroupsAgain(job.id),
    onError: error => sayFailure(t('stopFailed'), error),
  });
  const bulk = clusters?.bulk;
  return (
    <section className="panel unknown-start" aria-label={t('start')}>
      {clusters?.state === 'running' ? (
        <div className="row">
          <progress max={Math.max(1, clusters.total)} value={clusters.done} aria-label={t('title')} />
          {t('running', { done: clusters.done, total: clusters.total })}
          {may && bulk && (
            <Button disabled={stop.isPending} onClick={() => stop.mutate(bulk)}>
              {t('stop')}
            </Button>
          )}
        </div>
      ) : (
        <>
          {clusters?.state === 'completed' && (
            <p role="status">
              <strong>{t('groups', { count: figures.groups })}</strong> ·{' '}
              {t('summary', { unknown: figures.unknown, faces: clusters.faces })}
              {figures.single > 0 && ` · ${t('alone', { count: figures.single })}`}
            </p>
          )}
          {isOld && <p role="status">{t('outdated')}</p>}
          {clusters?.state === 'stopped' && <p>{t('stopped')}</p>}
          {clusters?.state === 'failed' && <p className="fault">{clusters.error ?? t('startFailed')}</p>}
          {may && (
            <div className="row">
              <label htmlFor={id} className="quiet">
                {t('smallest')}
              </label>
              <input
                id={id}
                className="input unknown-smallest"
                type="number"
                min={1}
                max={1000}
                value={smallest}
                onChange={event =>
                  setSmallest(Math.min(1000, Math.max(1, Math.round(Number(event.target.value) || 1))))
                }
              />
              <Button
                look={clusters && !isOld ? 'plain' : 'main'}
                disabled={start.isPending}
                onClick={() => start.mutate(smallest)}
              >
                {t(clusters ? 'again' : 'start')}
              </Button>
              {figures.single > 0 && figures.groups > 0 && <Single job={job} />}
              {isNamed && <Naming job={job} />}
            </div>
          )}
        </>
      )}
    </section>
  );
}

/** Groups of one face too: those of faces that are like no other. */
function Single({ job }: { readonly job: Job }) {
  const t = useTexts(unknownTexts);
  const start = useGrouping(job.id);
  return (
    <Button disabled={start.isPending} onClick={() => start.mutate(1)}>
      {t('single')}
    </Button>
  );
}

/** The judging again that follows a new name. It is beside the button, so that no group moves when it comes. */
function Naming({ job }: { readonly job: Job }) {
  const t = useTexts(unknownTexts);
  const rematch = useRematch(job.id);
  if (!rematch) return null;
  return (
    <span className="row" role="status" aria-live={rematch.state === 'running' ? 'off' : 'polite'}>
      {rematch.state === 'running' && t('rematching', { done: rematch.done, total: rematch.total })}
      {rematch.state === 'completed' && (
        <>
          {t('rematched', { changed: rematch.changed })}
          <Link to="/jobs/$jobId" params={{ jobId: job.id }} search={{ tab: 'results' }}>
            {t('toResults')}
          </Link>
        </>
      )}
      {rematch.state === 'failed' && <span className="fault">{rematch.error}</span>}
    </span>
  );
}
