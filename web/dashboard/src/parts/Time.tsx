import { formatMoment, formatRelative } from '../format/times';
import { useNow } from './useNow';

interface TimeProps {
  /** RFC 3339, as the API writes it; nothing shows a dash. */
  readonly at: string | null | undefined;
  readonly style?: 'long' | 'narrow';
}

/** A moment as people say it, with the exact one on hover. */
export function Time({ at, style = 'long' }: TimeProps) {
  const now = useNow();
  if (!at) return <span className="quiet">–</span>;
  const moment = Date.parse(at);
  // The shared clock is up to ten seconds behind, and what just happened is not in the future.
  const present = moment <= Date.now() ? Math.max(now, moment) : now;
  return (
    <time dateTime={at} title={formatMoment(moment)}>
      {formatRelative(moment, present, style)}
    </time>
  );
}
