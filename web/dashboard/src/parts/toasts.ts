import { useSyncExternalStore } from 'react';

export interface SaidAct {
  readonly label: string;
  readonly act: () => void;
}

export interface Said {
  readonly title: string;
  readonly text?: string;
  readonly kind?: 'good' | 'bad' | 'plain';
  /** What it is about: it takes the place of what was said of the same. */
  readonly of?: string;
  /** An act of undo, where the server can. */
  readonly action?: SaidAct;
  /** What may come next. */
  readonly next?: SaidAct | undefined;
}

/** What was said before the view of toasts was loaded. */
let waiting: Said[] = [];
let show: ((said: Said) => void) | undefined;
let isWanted = false;
const watchers = new Set<() => void>();

/** Says something at the edge of the page for a few seconds; a failure stays until it is closed. */
export function say(said: Said): void {
  if (show) {
    show(said);
    return;
  }
  waiting.push(said);
  isWanted = true;
  for (const watcher of watchers) watcher();
}

/** Says that an act failed, in the server's words. */
export function sayFailure(title: string, error: unknown): void {
  say({ title, text: error instanceof Error ? error.message : String(error), kind: 'bad' });
}

/** Takes over from now on, and what was said before. Returns how to stop. */
export function listen(listener: (said: Said) => void): () => void {
  show = listener;
  for (const said of waiting) listener(said);
  waiting = [];
  return () => {
    show = undefined;
  };
}

/** True once something was said: only then is the view of toasts loaded. */
export function useIsSaid(): boolean {
  return useSyncExternalStore(
    watcher => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => isWanted,
  );
}
