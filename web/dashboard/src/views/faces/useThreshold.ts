import { useEffect, useRef, useState } from 'react';
import { useSearchState } from '../../app/useSearchState';

/** The slider goes over similarities: over confidences, nearly all of it would be the last percent. */
export const range = { min: 0.15, max: 0.95, step: 0.005 } as const;

/**
 * The similarity that a match needs on this page: that of the address, or else of the stored results. The address follows the slider after a
 * pause, since browsers allow few changes of it in a second.
 */
export function useThreshold(stored: number): [number, (similarity: number | undefined) => void, boolean] {
  const [search, change] = useSearchState();
  const asked = Number.parseFloat(search.least ?? '');
  const fromAddress = Number.isFinite(asked) ? Math.min(range.max, Math.max(range.min, asked)) : undefined;
  const [own, setOwn] = useState(fromAddress);
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    if (own === fromAddress) return;
    const timer = setTimeout(() => latest.current({ least: own?.toFixed(3) }, true), 300);
    return () => clearTimeout(timer);
  }, [own, fromAddress]);
  return [own ?? stored, setOwn, own !== undefined];
}
