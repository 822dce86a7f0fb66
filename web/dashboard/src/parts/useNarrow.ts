import { useSyncExternalStore } from 'react';

/** As wide as a phone: the styles of the shell change there too. */
const narrow = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-width: 760px)');

/** True on a page of the width of a phone, where what matters comes first and acts are in a menu. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    watcher => {
      narrow?.addEventListener('change', watcher);
      return () => narrow?.removeEventListener('change', watcher);
    },
    () => narrow?.matches ?? false,
  );
}
