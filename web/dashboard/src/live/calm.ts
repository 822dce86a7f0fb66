import type { QueryClient } from '@tanstack/react-query';

/** It waits no longer than so many milliseconds: a slow answer keeps no news away. */
const patience = 1000;

/** Waits until nothing is being read: what a page shows first comes before its news, which begins with the same again. */
export function calm(queries: QueryClient, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(late);
      forget();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const look = () => {
      if (queries.isFetching() === 0) end();
    };
    const forget = queries.getQueryCache().subscribe(look);
    const late = setTimeout(end, patience);
    signal.addEventListener('abort', end);
    // The queries of what has just been shown begin in the same step.
    queueMicrotask(look);
  });
}
