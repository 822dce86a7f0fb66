import { changesSoon, formatMoment, formatRelative } from '../format/times';
import { useNow } from './useNow';

interface TimeProps {
  /** RFC 3339, as the API writes it; nothing shows a dash. */
  readonly at: string | null | undefined;
  readonly style?: 'long' | 'narrow';
  /** It is an expectation: one that is late is still to come, and is now. */
  readonly isExpected?: boolean;
}

/** A moment as people say it, with the exact one on hover. */
export function Time({ at, style = 'long', isExpected = false }: TimeProps) {
  const moment = at ? Date.parse(at) : Number.NaN;
  // The clock says when to look again. What is shown counts from the moment of the look: the clock itself is up to its interval behind.
  useNow(changesSoon(moment, Date.now()) ? 1000 : 10_000);
  const now = Date.now();
  if (!at) return <span className="quiet">–</span>;
  return (
    <time dateTime={at} title={formatMoment(moment)}>
      {formatRelative(isExpected ? Math.max(moment, now) : moment, now, style)}
    </time>
  );
}
