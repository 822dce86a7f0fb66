import { useEffect, useRef, useState } from 'react';

/**
 * A key or a click that comes while something is still read acts when it has come, as long as it is about the same: `of` is what it is
 * about, such as the text of a field. Something else is something new, and what was asked before is forgotten.
 */
export function useWhenReady(isReady: boolean, of: string, act: () => void): () => void {
  const [wanted, setWanted] = useState<string>();
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (wanted === undefined || (wanted === of && !isReady)) return;
    setWanted(undefined);
    if (wanted === of) latest.current();
  }, [wanted, of, isReady]);
  return () => (isReady ? act() : setWanted(of));
}
