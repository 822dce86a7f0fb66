import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ListTodo } from 'lucide-react';
import { Suspense, useEffect, useId, useMemo } from 'react';
import { queries } from '../../api/queries';
import type { JobDetail } from '../../api/types';
import { useSearchState } from '../../app/useSearchState';
import { Empty, Failure, Loading, NewRows, Shown } from '../../parts';
import { useOnEnd } from '../../steady/useOnEnd';
import { useSteady } from '../../steady/useSteady';
import { useTouched } from '../../steady/useTouched';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { declaredView } from '../../views/declared';
import { isKnownView, plainKinds, viewOf } from '../../views/registry';
import type { ResultViewProps } from '../../views/types';
import { countsOf } from './counts';
import { hasNoResult, mayFollow } from './mayFollow';
import { resultsOf } from './queries';
import { jobTexts } from './texts';

/** The results in the view that the operation declares, or in another one; new ones wait until somebody asks for them. */
export default function ResultsTab({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const w = useTexts(words);
  const id = useId();
  const [search, change] = useSearchState();
  const results = useInfiniteQuery(resultsOf(job.id));
  const service = useQuery(queries.services).data?.services.find(one => one.name === job.service);
  const declared = declaredView(service, job.operation);
  const kinds = [...(declared && isKnownView(declared.kind) ? [declared.kind] : []), ...plainKinds].filter(
    (kind, at, all) => all.indexOf(kind) === at,
  );
  const kind = kinds.find(one => one === search.view) ?? kinds[0]!;
  const View = viewOf(kind, declared?.kind);
  const rows = useMemo(() => results.data?.pages.flatMap((page): ResultViewProps['rows'] => page.data), [results.data]);
  const [first] = results.data?.pages ?? [];
  const isOpen = job.state === 'running' || job.state === 'pending';
  const over = job.tasks.completed + job.tasks.failed + job.tasks.cancelled;
  const waiting = first?.total_is_exact ? Math.max(0, over - first.total) : 0;
  const counts = countsOf(results.data?.pages ?? [], job.tasks);
  const list = useSteady(job.id, rows, !results.isFetchedAfterMount);
  const { refetch } = results;
  const { refresh } = list;
  const show = () => void refetch().then(refresh);
  // Tasks that were tried again have other results now, in the same places; what would be new in between waits.
  // At the end they are shown by themselves where nobody has begun to look at what is there.
  const [place, isTouched] = useTouched<HTMLDivElement>();
  useOnEnd(isOpen, () => (isTouched() && waiting + list.waiting > 0 ? void refetch() : show()));
  const isWhole = results.data?.pages.length === 1 && first?.next === null;
  const follows = mayFollow({ rows: list.rows, waiting, isWhole });
  const isBare = hasNoResult(list.rows);
  useEffect(() => {
    if (follows && over > 0) void refetch({ cancelRefetch: false });
  }, [follows, over, refetch]);
  useEffect(() => {
    if (isBare && list.waiting > 0) refresh();
  }, [isBare, list.waiting, refresh]);
  return (
    <div className="stack" ref={place}>
      <div className="job-tools">
        <label htmlFor={id}>{t('viewAs')}</label>
        <select id={id} className="input" value={kind} onChange={event => change({ view: event.target.value })}>
          {kinds.map(one => (
            <option key={one} value={one}>
              {t(`kind${one}` as 'kindtable')}
            </option>
          ))}
        </select>
        {first && (
          <span className="quiet">
            {counts || !first.total_is_exact
              ? t('resultCount', { count: counts?.results ?? first.total, more: first.total_is_exact ? '' : '+' })
              : t('entryCount', { count: first.total })}
            {counts && counts.without > 0 && `, ${t('without', { count: counts.without })}`}
          </span>
        )}
        <NewRows waiting={list.waiting + (follows ? 0 : waiting)} gone={list.gone.size} onShow={show} />
      </div>
      <Shown query={results}>
        {() =>
          list.rows.length === 0 ? (
            <Empty
              icon={ListTodo}
              title={t(isOpen ? 'noResults' : 'noResultsEnded')}
              text={t(isOpen ? 'noResultsText' : 'noResultsEndedText')}
            >
              <Link to="/jobs/$jobId" params={{ jobId: job.id }} search={{ tab: 'tasks' }}>
                {w('tasks', { count: job.tasks.total })}
              </Link>
            </Empty>
          ) : (
            <Suspense fallback={<Loading />}>
              <View
                job={job}
                view={declared ?? { kind }}
                rows={list.rows}
                more={() => !results.isFetching && void results.fetchNextPage()}
                hasMore={results.hasNextPage && !results.isFetchNextPageError}
              />
            </Suspense>
          )
        }
      </Shown>
      {results.isFetchNextPageError && <Failure error={results.error} retry={() => void results.fetchNextPage()} />}
    </div>
  );
}
