import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { UserRound } from 'lucide-react';
import type { Filter } from '../../filter/parse';
import { formatNumber } from '../../format/numbers';
import { type Column, DataTable, Empty, NewRows, Shown, Time, useHeldRows } from '../../parts';
import { useTexts } from '../../texts/texts';
import { type Session, sessionQueries } from './queries';
import { lengthOf } from './SessionFacts';
import { sessionsTexts } from './texts';

interface SessionTableProps {
  readonly filter: Filter;
  readonly onOpen: (session: string) => void;
}

export function SessionTable({ filter, onOpen }: SessionTableProps) {
  const t = useTexts(sessionsTexts);
  const query = useInfiniteQuery(sessionQueries.list(filter));
  const held = useHeldRows(
    query.data?.pages.flatMap(page => page.sessions) ?? [],
    session => session.id,
    !query.isFetchedAfterMount,
  );
  const columns: readonly Column<Session>[] = [
    {
      key: 'session',
      title: t('id'),
      width: 'minmax(10ch, 2fr)',
      cell: one => (
        <Link to="/sessions" search={{ session_id: one.session_id }}>
          {one.session_id}
        </Link>
      ),
    },
    {
      key: 'user',
      title: t('user'),
      width: 'minmax(8ch, 1fr)',
      hide: 'narrow',
      cell: one =>
        one.user_id !== null && (
          <Link to="/sessions" search={{ user_id: one.user_id }}>
            {one.user_id}
          </Link>
        ),
    },
    {
      key: 'start',
      title: t('started'),
      width: 'minmax(9ch, 12ch)',
      cell: one => <Time at={one.start_time} style="narrow" />,
    },
    { key: 'length', title: t('length'), width: '10ch', hide: 'medium', cell: one => lengthOf(one) ?? t('open') },
    {
      key: 'pages',
      title: t('pages'),
      width: '9ch',
      isNumber: true,
      hide: 'narrow',
      cell: one => formatNumber(one.page_views),
    },
    {
      key: 'actions',
      title: t('interactions'),
      width: '11ch',
      isNumber: true,
      cell: one => formatNumber(one.total_interactions),
    },
  ];
  return (
    <Shown query={query}>
      {() =>
        held.rows.length === 0 ? (
          filter.user_id ? (
            <Empty icon={UserRound} title={t('noUser', { user: filter.user_id })} text={t('noUserText')} />
          ) : null
        ) : (
          <section className="stack" aria-label={t('title')}>
            <NewRows waiting={held.waiting} onShow={held.show} />
            <DataTable
              label={t('title')}
              rows={held.rows}
              columns={columns}
              rowKey={one => one.id}
              rowName={one => one.session_id}
              onOpen={one => onOpen(one.session_id)}
              onMore={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
            />
          </section>
        )
      }
    </Shown>
  );
}
