import { useSyncExternalStore } from 'react';
import type { CreatedKey } from './queries';

/** A key that is shown, this once; the first of a server leads to the next one. */
export type ShownKey = CreatedKey & { readonly isFirst: boolean };

let shown: ShownKey | undefined;
const watchers = new Set<() => void>();

/** Shows a new key over every page, also the login page: what the server says only once must not go with the page that asked for it. */
export function showKey(key: ShownKey | undefined): void {
  shown = key;
  for (const watcher of watchers) watcher();
}

export function useShownKey(): ShownKey | undefined {
  return useSyncExternalStore(
    watcher => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
}
