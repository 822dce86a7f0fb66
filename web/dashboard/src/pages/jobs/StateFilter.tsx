import { Link } from '@tanstack/react-router';
import type { JobState } from '../../api/types';
import { StateChip } from '../../parts';
import { useTexts } from '../../texts/texts';
import { jobsTexts } from './texts';
import { toggled } from './toggled';

const states: readonly JobState[] = ['running', 'pending', 'failed', 'partial', 'completed', 'cancelled'];

/** Chips that add a state to the filter or take it away, and one for paused jobs. */
export function StateFilter({
  state,
  paused,
}: {
  readonly state: string | undefined;
  readonly paused: string | undefined;
}) {
  const t = useTexts(jobsTexts);
  const chosen = (state ?? '').split(',').filter(Boolean);
  return (
    <ul className="jobs-states" aria-label={t('states')}>
      {states.map(one => (
        <li key={one}>
          <Link
            to="."
            resetScroll={false}
            search={before => ({ ...before, state: toggled(state, one), selected: undefined })}
            className={chosen.includes(one) ? 'jobs-state jobs-state-on' : 'jobs-state'}
            aria-current={chosen.includes(one) ? 'true' : undefined}
          >
            <StateChip state={one} />
          </Link>
        </li>
      ))}
      <li>
        <Link
          to="."
          resetScroll={false}
          search={before => ({ ...before, paused: paused === 'true' ? undefined : 'true', selected: undefined })}
          className={paused === 'true' ? 'jobs-state jobs-state-on' : 'jobs-state'}
          aria-current={paused === 'true' ? 'true' : undefined}
        >
          <StateChip state="paused" />
        </Link>
      </li>
    </ul>
  );
}
