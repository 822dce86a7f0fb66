import { useSyncExternalStore } from 'react';
import type { CreatedKey } from './queries';

let shown: CreatedKey | undefined;
const watchers = new Set<() => void>();

/** Shows a new key over every page, also the login page: what the server says only once must not go with the page that asked for it. */
export function showKey(key: CreatedKey | undefined): void {
  shown = key;
  for (const watcher of watchers) watcher();
}

export function useShownKey(): CreatedKey | undefined {
  return useSyncExternalStore(
    watcher => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
}
