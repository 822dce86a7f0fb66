import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { GitCompareArrows, SearchX } from 'lucide-react';
import { type FormEvent, useId, useMemo, useState } from 'react';
import { jobName } from '../../api/jobName';
import { taskName } from '../../api/taskName';
import type { JobDetail, Schemas } from '../../api/types';
import { useSearchState } from '../../app/useSearchState';
import { formatNumber } from '../../format/numbers';
import { Button, type Column, DataTable, Empty, Shown, Time } from '../../parts';
import { type Texts, useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { comparisonOf, otherRunsOf } from './queries';
import { jobTexts } from './texts';

type Item = Schemas['ComparedItem'];
const kinds = ['different', 'same', 'open', 'only_here', 'only_there'] as const;

/** The job beside another run of its items: which of them came out differently. */
export default function CompareTab({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const id = useId();
  const [search, change] = useSearchState();
  const other = search.with ?? job.source_job ?? undefined;
  const [typed, setText] = useState<string>();
  const text = typed ?? other ?? '';
  const compare = (event: FormEvent) => {
    event.preventDefault();
    change({ with: text.trim() || undefined, kind: undefined });
    setText(undefined);
  };
  return (
    <div className="stack">
      <form className="job-compare" onSubmit={compare}>
        <div className="field">
          <label htmlFor={id}>{t('compareWith')}</label>
          <input
            id={id}
            className="input"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </div>
        <Button type="submit" look="main">
          {t('compareGo')}
        </Button>
      </form>
      {other ? (
        <Compared job={job} other={other} />
      ) : (
        <>
          <Empty icon={GitCompareArrows} title={t('compareHint')} text={t('compareText')} />
          <OtherRuns job={job} />
        </>
      )}
    </div>
  );
}

/** The newest jobs of the same operation: one of them is what somebody compares with, who has no id at hand. */
function OtherRuns({ job }: { readonly job: JobDetail }) {
  const t = useTexts(jobTexts);
  const w = useTexts(words);
  const runs = useQuery(otherRunsOf(job)).data ?? [];
  if (runs.length === 0) return null;
  return (
    <nav aria-label={t('otherRuns')}>
      <h2>{t('otherRuns')}</h2>
      <ul className="job-runs">
        {runs.map(run => (
          <li key={run.id}>
            <Link to="." resetScroll={false} search={before => ({ ...before, with: run.id, kind: undefined })}>
              {jobName(run)}
            </Link>{' '}
            <span className="quiet">
              {w('tasks', { count: run.tasks.total })}, <Time at={run.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Compared({ job, other }: { readonly job: JobDetail; readonly other: string }) {
  const t = useTexts(jobTexts);
  const [search] = useSearchState();
  const kind = kinds.find(one => one === search.kind);
  const comparison = useInfiniteQuery(comparisonOf(job.id, other, kind));
  const columns = useMemo(() => columnsOf(t), [t]);
  return (
    <Shown query={comparison}>
      {({ pages }) => {
        const [first] = pages;
        const rows = pages.flatMap((page): Item[] => page.data);
        return (
          <>
            <p className="quiet">
              {first && t(`matched${first.matched_by}`)} {first && !first.total_is_exact && t('countsBounded')}
            </p>
            <div className="row">
              <KindLink kind={undefined} isOn={kind === undefined} text={t('allKinds')} />
              {kinds.map(one => (
                <KindLink
                  key={one}
                  kind={one}
                  isOn={kind === one}
                  text={`${t(one)} ${first ? formatNumber(first.counts[one]) : ''}`}
                />
              ))}
            </div>
            {rows.length === 0 && !comparison.hasNextPage ? (
              <Empty icon={SearchX} title={t('nothingCompared')} text={t('nothingComparedText')} />
            ) : (
              <DataTable
                label={t('compare')}
                rows={rows}
                columns={columns}
                rowKey={row => `${row.id} ${row.with_id}`}
                onMore={
                  comparison.hasNextPage ? () => !comparison.isFetching && void comparison.fetchNextPage() : undefined
                }
              />
            )}
          </>
        );
      }}
    </Shown>
  );
}

function KindLink({
  kind,
  isOn,
  text,
}: {
  readonly kind: string | undefined;
  readonly isOn: boolean;
  readonly text: string;
}) {
  return (
    <Link
      to="."
      resetScroll={false}
      search={before => ({ ...before, kind })}
      className={isOn ? 'job-kind job-kind-on' : 'job-kind'}
      activeOptions={{ exact: true, includeSearch: true }}
    >
      {text}
    </Link>
  );
}

function columnsOf(t: Texts<keyof typeof jobTexts.en & string>): readonly Column<Item>[] {
  return [
    { key: 'kind', title: t('kind'), width: '14ch', cell: row => t(row.kind) },
    {
      key: 'item',
      title: t('item'),
      width: 'minmax(10ch, 2fr)',
      cell: row => taskName({ ...row, item_name: row.item_name ?? null, index: row.index ?? row.with_index ?? 0 }),
    },
    {
      key: 'here',
      title: t('here'),
      width: 'minmax(8ch, 1fr)',
      cell: row => <TaskLink id={row.id} text={t('here')} />,
    },
    {
      key: 'there',
      title: t('there'),
      width: 'minmax(8ch, 1fr)',
      cell: row => <TaskLink id={row.with_id} text={t('there')} />,
    },
  ];
}

function TaskLink({ id, text }: { readonly id: string | null; readonly text: string }) {
  return id === null ? (
    <span className="quiet">–</span>
  ) : (
    <Link to="/tasks/$taskId" params={{ taskId: id }}>
      {text}
    </Link>
  );
}
