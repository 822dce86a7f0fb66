import type { TaskCounts } from '../api/types';
import { formatNumber } from '../format/numbers';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';

const parts = ['completed', 'cached', 'failed', 'cancelled', 'running'] as const;

/** The tasks of a job by their states, as one bar: done, done with a known result, failed, cancelled, running; the rest is left. */
export function SegmentedBar({ tasks, tall = false }: { readonly tasks: TaskCounts; readonly tall?: boolean }) {
  const t = useTexts(words);
  const left = tasks.available + tasks.scheduled;
  // Tasks with a known result are among the completed ones.
  const counts = { ...tasks, completed: tasks.completed - tasks.cached };
  const label = [
    ...parts.filter(part => counts[part] > 0).map(part => `${formatNumber(counts[part])} ${t(part)}`),
    ...(left > 0 ? [`${formatNumber(left)} ${t('left')}`] : []),
  ].join(', ');
  return (
    <span className={tall ? 'bar bar-tall' : 'bar'} role="img" aria-label={label} title={label}>
      {parts.map(
        part =>
          counts[part] > 0 && (
            <span
              key={part}
              className={`bar-part state-${part}`}
              style={{ flexGrow: counts[part] / Math.max(1, tasks.total) }}
            />
          ),
      )}
      {left > 0 && <span className="bar-part" style={{ flexGrow: left / Math.max(1, tasks.total) }} />}
    </span>
  );
}
