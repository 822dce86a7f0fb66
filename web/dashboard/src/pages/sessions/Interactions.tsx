import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MousePointerClick } from 'lucide-react';
import { type Column, DataTable, Empty, NewRows, Time, useHeldRows } from '../../parts';
import { useTexts } from '../../texts/texts';
import type { Interaction } from './queries';
import { sessionsTexts } from './texts';

interface Page {
  readonly interactions: readonly Interaction[];
}

interface InteractionsProps {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page>>;
  readonly action: string | undefined;
}

/** What was done, newest first. */
export function Interactions({ query, action }: InteractionsProps) {
  const t = useTexts(sessionsTexts);
  const loaded = query.data?.pages.flatMap(page => page.interactions) ?? [];
  const held = useHeldRows(
    action === undefined ? loaded : loaded.filter(one => one.action_type === action),
    one => String(one.id),
    !query.isFetchedAfterMount,
  );
  const columns: readonly Column<Interaction>[] = [
    { key: 'at', title: t('at'), width: 'minmax(9ch, 12ch)', cell: one => <Time at={one.timestamp} style="narrow" /> },
    { key: 'action', title: t('action'), width: 'minmax(9ch, 1fr)', cell: one => one.action_type },
    { key: 'page', title: t('page'), width: 'minmax(8ch, 2fr)', cell: one => one.page_path },
    { key: 'element', title: t('element'), width: 'minmax(8ch, 1fr)', hide: 'narrow', cell: elementOf },
    {
      key: 'session',
      title: t('id'),
      width: 'minmax(8ch, 1fr)',
      hide: 'medium',
      cell: one => (
        <Link to="/sessions" search={{ session_id: one.session_id }}>
          {one.session_id}
        </Link>
      ),
    },
    { key: 'more', title: t('more'), width: 'minmax(8ch, 2fr)', hide: 'medium', cell: metadataOf },
  ];
  if (query.data === undefined) return null;
  if (held.rows.length === 0)
    return <Empty icon={MousePointerClick} title={t('noActions')} text={t('noActionsText')} />;
  return (
    <section className="stack" aria-label={t('interactions')}>
      <NewRows waiting={held.waiting} onShow={held.show} />
      <DataTable
        label={t('interactions')}
        rows={held.rows}
        columns={columns}
        rowKey={one => String(one.id)}
        onMore={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
      />
    </section>
  );
}

function elementOf({ element_type: type, element_id: id }: Interaction): string {
  return [type, id].filter(Boolean).join(' #');
}

function metadataOf({ metadata }: Interaction) {
  const text = Object.keys(metadata).length === 0 ? '' : JSON.stringify(metadata);
  return <span title={text}>{text}</span>;
}
