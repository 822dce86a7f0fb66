import { useQuery } from '@tanstack/react-query';
import { useTexts } from '../../texts/texts';
import { peopleQueries } from './queries';
import { peopleTexts } from './texts';

/** The removals of people that are under way, or that one has just asked for. */
export function Erasures({ also }: { readonly also?: string | undefined }) {
  const t = useTexts(peopleTexts);
  const erasures = useQuery(peopleQueries.erasures);
  const shown = (erasures.data?.data ?? []).filter(one => one.state !== 'completed' || one.id === also);
  if (shown.length === 0) return null;
  return (
    <ul className="people-erasures" aria-label={t('erasures')}>
      {shown.map(one => (
        <li key={one.id} className="panel">
          <strong>{one.state === 'completed' ? t('erased') : t('erasing', { name: t('somebody') })}</strong>
          {one.state !== 'completed' && one.jobs_total > 0 && (
            <progress max={one.jobs_total} value={one.jobs_done} aria-label={t('erasures')} />
          )}
          <span className="quiet">
            {t('erasingJobs', { done: one.jobs_done, total: one.jobs_total })} ·{' '}
            {t('erasingResults', { count: one.results_changed })}
          </span>
          {one.reason && <span className="fault">{one.reason}</span>}
        </li>
      ))}
    </ul>
  );
}
