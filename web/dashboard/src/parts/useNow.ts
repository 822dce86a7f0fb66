import { useSyncExternalStore } from 'react';

const clocks = new Map<number, (watcher: () => void) => () => void>();

/**
 * The present, which moves every `interval` milliseconds, and is up to so much behind: what counts down needs a short one, or `Date.now()`. All
 * components with the same interval share one timer.
 */
export function useNow(interval = 10_000): number {
  return useSyncExternalStore(clockOf(interval), () => Math.floor(Date.now() / interval) * interval);
}

function clockOf(interval: number): (watcher: () => void) => () => void {
  const known = clocks.get(interval);
  if (known) return known;
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const clock = (watcher: () => void) => {
    watchers.add(watcher);
    timer ??= setInterval(() => {
      for (const one of watchers) one();
    }, interval);
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  clocks.set(interval, clock);
  return clock;
}
