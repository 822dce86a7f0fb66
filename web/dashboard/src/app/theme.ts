import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const rowHeights = ['compact', 'comfortable'] as const;
export type RowHeight = (typeof rowHeights)[number];

/** A choice that the browser keeps and that the styles read from the root element; `src/start.ts` sets it before the first paint. */
function kept<Word extends string>(name: 'theme' | 'rows', choices: readonly [Word, ...Word[]]) {
  const setting = `stashai-${name}`;
  const watchers = new Set<() => void>();
  const read = () => choices.find(one => one === localStorage.getItem(setting)) ?? choices[0];
  const choose = (next: Word) => {
    localStorage.setItem(setting, next);
    if (next === choices[0]) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = next;
    for (const watcher of watchers) watcher();
  };
  const watch = (watcher: () => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  };
  return { read, choose, use: () => useSyncExternalStore(watch, read) };
}

export const theme = kept<Theme>('theme', themes);
export const rows = kept<RowHeight>('rows', rowHeights);
