import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ListChecks, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { jobName } from '../../api/jobName';
import { queries } from '../../api/queries';
import { useFeature, useMay } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { BulkBar } from '../../bulk/BulkBar';
import { BulkProgress } from '../../bulk/BulkProgress';
import type { Filter } from '../../filter/parse';
import { formatTotal } from '../../format/numbers';
import { Button, DataTable, Empty, Failure, FilterField, NewRows, PageHeader, Shown } from '../../parts';
import { ColumnsMenu } from '../../parts/ColumnsMenu';
import { useColumns } from '../../parts/useColumns';
import { useTexts } from '../../texts/texts';
import { jobColumns } from './columns';
import { GroupFaces } from './GroupFaces';
import { onlyFaces } from './onlyFaces';
import { noteOwnAct } from './ownActs';
import { jobRule } from './rule';
import { StateFilter } from './StateFilter';
import { type Sort, sorts } from './sorts';
import { jobsTexts } from './texts';
import type { JobRows } from './useJobRows';

const allWord = 'all';

interface JobListProps {
  readonly filter: Filter;
  readonly sort: Sort | undefined;
  readonly list: JobRows;
}

/** The list, with its filters, its heads that sort it, and what can be done with the chosen rows. */
export function JobList({ filter, sort, list }: JobListProps) {
  const t = useTexts(jobsTexts);
  const navigate = useNavigate();
  const mayAct = useMay('submit');
  const [search, change] = useSearchState();
  const { rows, gone } = list;
  const all = useMemo(
    () => jobColumns(t, gone, sort, next => change({ sort: next, selected: undefined })),
    [t, gone, sort, change],
  );
  const columns = useColumns('jobs', all, 'name');
  const isAll = search.selected === allWord;
  const selected = useMemo(
    () => (isAll ? new Set(rows.map(job => job.id)) : new Set((search.selected ?? '').split(',').filter(Boolean))),
    [search.selected, isAll, rows],
  );
  const services = useQuery(queries.services).data?.services;
  const areOfFaces = useFeature('rematch') && onlyFaces(services, isAll ? { filter } : { ids: [...selected] }, rows);
  const known = useMemo(() => rows.filter(job => selected.has(job.id)), [rows, selected]);
  const onSelect = (id: string, isSelected: boolean) => {
    const next = new Set(selected);
    if (isSelected) next.add(id);
    else next.delete(id);
    change({ selected: [...next].join(',') || undefined }, true);
  };
  const onFilter = (next: Filter) =>
    change({ ...Object.fromEntries(jobRule.names.map(name => [name, next[name]])), selected: undefined });
  const onClear = () => {
    onFilter({});
    if (sort) change({ sort: undefined });
  };
  const isFiltered = Object.keys(filter).length > 0;
  const found = list.total && { count: list.total.count, more: list.total.isExact ? '' : '+' };
  const total = list.total && formatTotal(list.total.count, list.total.isExact);
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="stack">
        <StateFilter state={search.state} paused={search.paused} after={search.created_after} />
        <div className="row">
          <FilterField rule={jobRule} filter={filter} onChange={onFilter} placeholder={t('placeholder')} />
          <ColumnsMenu label={t('columns')} choices={columns.choices} onToggle={columns.toggle} />
          {mayAct && rows.length > 0 && !isAll && (
            <Button icon={ListChecks} onClick={() => change({ selected: allWord }, true)}>
              {t('selectAll')}
            </Button>
          )}
        </div>
        {mayAct && selected.size > 0 && (
          <BulkBar
            label={isAll ? t('allChosen', { total: total ?? '' }) : t('selected', { count: selected.size })}
            chosen={isAll ? { filter } : { ids: [...selected] }}
            jobs={known.length === selected.size && !(isAll && list.more) ? known : undefined}
            onStarted={bulk => {
              noteOwnAct('changed', selected);
              change({ bulk, selected: undefined }, true);
            }}
            onClear={() => change({ selected: undefined }, true)}
            areOfFaces={areOfFaces}
          >
            {areOfFaces && !isAll && <GroupFaces jobs={[...selected]} />}
          </BulkBar>
        )}
        {search.bulk && <BulkProgress id={search.bulk} onHide={() => change({ bulk: undefined }, true)} />}
        <Shown query={list.query}>
          {() =>
            rows.length === 0 && list.waiting === 0 ? (
              <Nothing isFiltered={isFiltered || sort !== undefined} onClear={onClear} />
            ) : (
              <div>
                <div className="row">
                  <span className="quiet">
                    {found && t('found', found)}
                    {sort && ` · ${t(sorts[sort].note)}`}
                  </span>
                  <NewRows waiting={list.waiting} gone={gone.size} onShow={list.refresh} />
                </div>
                <DataTable
                  label={t('title')}
                  rows={rows}
                  columns={columns.shown}
                  onWidth={columns.onWidth}
                  rowKey={job => job.id}
                  rowName={jobName}
                  onOpen={job => void navigate({ to: '/jobs/$jobId', params: { jobId: job.id } })}
                  {...(mayAct ? { selected, onSelect } : {})}
                  onMore={list.more}
                  foot={list.moreError && <Failure error={list.moreError} retry={list.retryMore} />}
                />
              </div>
            )
          }
        </Shown>
      </div>
    </>
  );
}

function Nothing({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  const t = useTexts(jobsTexts);
  const maySubmit = useMay('submit');
  return isFiltered ? (
    <Empty icon={SearchX} title={t('emptyTitle')} text={t('emptyText')}>
      <Button onClick={onClear}>{t('clearFilter')}</Button>
    </Empty>
  ) : (
    <Empty icon={ListChecks} title={t('noJobsTitle')} text={t('noJobsText')}>
      {maySubmit && <Link to="/submit">{t('submit')}</Link>}
    </Empty>
  );
}
