import { useEffect, useRef } from 'react';

/** Acts once when something that was open is over: what was read while it ran may lack its last changes. */
export function useOnEnd(isOpen: boolean, act: () => void): void {
  const wasOpen = useRef(isOpen);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (wasOpen.current && !isOpen) latest.current();
    wasOpen.current = isOpen;
  }, [isOpen]);
}
