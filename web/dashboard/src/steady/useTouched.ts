import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** Whether a person has done anything in a place: pressed, typed or scrolled. Before that, what changes there is in nobody's way. */
export function useTouched<Element extends HTMLElement>(): [RefObject<Element | null>, () => boolean] {
  const place = useRef<Element>(null);
  const isTouched = useRef(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const abort = new AbortController();
    const touch = () => {
      isTouched.current = true;
      abort.abort();
    };
    const options = { capture: true, passive: true, signal: abort.signal };
    for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove']) element.addEventListener(kind, touch, options);
    addEventListener('scroll', touch, options);
    return () => abort.abort();
  }, []);
  return [place, useCallback(() => isTouched.current, [])];
}
