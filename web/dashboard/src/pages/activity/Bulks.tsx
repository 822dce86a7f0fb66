import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { useSearchState } from '../../app/useSearchState';
import { Button, Empty, NewRows, Shown, useHeldRows } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { BulkCard } from './BulkCard';
import { activityQueries } from './queries';
import { activityTexts } from './texts';

/** Operations on many jobs, newest first, with progress and how to stop them. */
export function Bulks() {
  const t = useTexts(activityTexts);
  const w = useTexts(words);
  const [search] = useSearchState();
  const query = useInfiniteQuery(activityQueries.bulk);
  const held = useHeldRows(
    query.data?.pages.flatMap(page => page.data) ?? [],
    bulk => bulk.id,
    !query.isFetchedAfterMount,
  );
  return (
    <Shown query={query}>
      {() =>
        held.rows.length === 0 ? (
          <Empty icon={ListChecks} title={t('noBulk')} text={t('noBulkText')}>
            <Link to="/jobs">{t('toJobs')}</Link>
          </Empty>
        ) : (
          <div className="stack">
            <NewRows waiting={held.waiting} onShow={held.show} />
            <ul className="activity-bulks" aria-label={t('bulk')}>
              {held.rows.map(bulk => (
                <BulkCard key={bulk.id} bulk={bulk} isChosen={bulk.id === search.id} />
              ))}
            </ul>
            {query.hasNextPage && (
              <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {w('more')}
              </Button>
            )}
          </div>
        )
      }
    </Shown>
  );
}
