import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { QueueStats } from '../../api/types';
import { formatCompact } from '../../format/numbers';
import { Loading, Shown, StateChip } from '../../parts';
import { useTexts } from '../../texts/texts';
import { overviewTexts } from './texts';

const states = ['running', 'pending', 'failed', 'partial', 'completed', 'cancelled'] as const;

/** Jobs by state; a click shows them. */
export function StateChips({ stats }: { readonly stats: UseQueryResult<QueueStats> }) {
  const t = useTexts(overviewTexts);
  return (
    <Shown query={stats} loading={<Loading rows={1} />}>
      {({ jobs }) => (
        <ul className="overview-states" aria-label={t('jobsByState')}>
          {states.map(state => (
            <li key={state}>
              <Link to="/jobs" search={{ state }} className="overview-state">
                <b>{formatCompact(jobs[state])}</b>
                <StateChip state={state} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Shown>
  );
}
