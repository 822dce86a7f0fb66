import { useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useSearchState } from '../../app/useSearchState';
import { type Filter, pickFilter } from '../../filter/parse';
import { Button, type Column, DataTable, Empty, FilterField, NewRows, Shown, Time, useHeldRows } from '../../parts';
import { useTexts } from '../../texts/texts';
import { auditRule } from './auditFilter';
import { Details } from './Details';
import { type AuditEntry, activityQueries } from './queries';
import { Target } from './Target';
import { activityTexts } from './texts';

/** Every change by a person, newest first, by a filter that is in the address. */
export function Audit() {
  const t = useTexts(activityTexts);
  const [search, change] = useSearchState();
  const filter = pickFilter(search, auditRule);
  const key = JSON.stringify(filter);
  return (
    <div className="stack">
      <FilterField
        rule={auditRule}
        filter={filter}
        placeholder={t('auditPlaceholder')}
        onChange={next => change(Object.fromEntries(auditRule.names.map(name => [name, next[name]])))}
      />
      <Entries key={key} filter={filter} />
    </div>
  );
}

function Entries({ filter }: { readonly filter: Filter }) {
  const t = useTexts(activityTexts);
  const isFiltered = Object.keys(filter).length > 0;
  const query = useInfiniteQuery(activityQueries.audit(filter));
  const held = useHeldRows(query.data?.pages.flatMap(page => page.data) ?? [], keyOf, !query.isFetchedAfterMount);
  const columns: readonly Column<AuditEntry>[] = [
    { key: 'at', title: t('at'), width: '9ch', cell: entry => <Time at={entry.at} style="narrow" /> },
    { key: 'who', title: t('who'), width: 'minmax(6ch, 1fr)', cell: entry => entry.who },
    {
      key: 'action',
      title: t('action'),
      width: 'minmax(8ch, 12ch)',
      cell: entry => <span title={entry.action}>{entry.action.replaceAll('_', ' ')}</span>,
    },
    {
      key: 'target',
      title: t('target'),
      width: 'minmax(12ch, 2fr)',
      hide: 'narrow',
      isBelow: 'whole',
      cell: entry => <Target entry={entry} />,
    },
    {
      key: 'details',
      title: t('details'),
      width: 'minmax(12ch, 2fr)',
      hide: 'narrow',
      isBelow: true,
      cell: entry => <Details details={entry.details} />,
    },
    { key: 'address', title: t('address'), width: '16ch', hide: 'medium', cell: entry => entry.address },
  ];
  return (
    <Shown query={query}>
      {() =>
        held.rows.length === 0 ? (
          <Empty
            icon={History}
            title={t(isFiltered ? 'noMatchingAudit' : 'noAudit')}
            text={t(isFiltered ? (query.hasNextPage ? 'olderAuditText' : 'noMatchingAuditText') : 'noAuditText')}
          >
            {query.hasNextPage && (
              <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('olderAudit')}
              </Button>
            )}
          </Empty>
        ) : (
          <div className="stack activity-audit">
            <NewRows waiting={held.waiting} onShow={held.show} />
            <DataTable
              label={t('audit')}
              rows={held.rows}
              columns={columns}
              rowKey={keyOf}
              onMore={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
            />
          </div>
        )
      }
    </Shown>
  );
}

/** Entries have no id; these together are as good as one. */
function keyOf(entry: AuditEntry): string {
  return `${entry.at} ${entry.who} ${entry.action} ${entry.target_kind} ${entry.target_id}`;
}
