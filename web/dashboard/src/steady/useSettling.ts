import { useEffect, useState } from 'react';

/** As long as the second press of a double click may come after the first, in milliseconds. */
const doublePress = 500;

interface Act {
  readonly isPending: boolean;
  /** When it was begun last; 0 before the first time. */
  readonly submittedAt: number;
}

/**
 * True while an act is under way, and so long after its answer that the second press of a double click is over: what the act was on shows
 * something else by then, in the same place or behind the same key, which nobody has read yet.
 */
export function useSettling({ isPending, submittedAt }: Act): boolean {
  const [settled, setSettled] = useState(submittedAt);
  useEffect(() => {
    if (isPending) return;
    const timer = setTimeout(() => setSettled(submittedAt), doublePress);
    return () => clearTimeout(timer);
  }, [isPending, submittedAt]);
  return isPending || settled !== submittedAt;
}
