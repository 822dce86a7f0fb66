import { Link } from '@tanstack/react-router';
import type { TaskState } from '../../api/types';
import { StateChip } from '../../parts';
import { useTexts } from '../../texts/texts';
import { toggled } from '../jobs/toggled';
import { tasksTexts } from './texts';

const states: readonly TaskState[] = ['running', 'available', 'scheduled', 'failed', 'completed', 'cancelled'];

/** Chips that add a state to the filter or take it away. */
export function TaskStates({ state }: { readonly state: string | undefined }) {
  const t = useTexts(tasksTexts);
  const chosen = (state ?? '').split(',').filter(Boolean);
  return (
    <ul className="tasks-states" aria-label={t('states')}>
      {states.map(one => (
        <li key={one}>
          <Link
            to="."
            resetScroll={false}
            search={before => ({ ...before, state: toggled(state, one) })}
            className={chosen.includes(one) ? 'tasks-state tasks-state-on' : 'tasks-state'}
            aria-current={chosen.includes(one) ? 'true' : undefined}
          >
            <StateChip state={one} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
