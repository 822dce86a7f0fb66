import { Link } from '@tanstack/react-router';
import type { JobState } from '../../api/types';
import { StateChip, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { type Span, since, spanOf, spans } from './since';
import { jobsTexts } from './texts';
import { toggled } from './toggled';

const states: readonly JobState[] = ['running', 'pending', 'failed', 'partial', 'completed', 'cancelled'];

/** Chips that add a state to the filter or take it away, one for paused jobs, and those of a time. */
export function StateFilter({
  state,
  paused,
  after,
}: {
  readonly state: string | undefined;
  readonly paused: string | undefined;
  /** The `created_after` of the filter. */
  readonly after: string | undefined;
}) {
  const t = useTexts(jobsTexts);
  const now = useNow(60_000);
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
      {(Object.keys(spans) as Span[]).map(span => {
        const isOn = spanOf(after, now) === span;
        return (
          <li key={span}>
            <Link
              to="."
              resetScroll={false}
              search={before => ({
                ...before,
                created_after: isOn ? undefined : since(span, now),
                selected: undefined,
              })}
              className={isOn ? 'jobs-state jobs-state-on' : 'jobs-state'}
              aria-current={isOn ? 'true' : undefined}
            >
              <span className="chip">{t(span)}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
