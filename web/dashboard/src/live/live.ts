import { useEffect, useSyncExternalStore } from 'react';
import { queryClient } from '../api/queries';
import { applyMessage } from './apply';
import { browserSurroundings } from './browser';
import { LiveConnection, type LiveMode } from './connection';
import { type LiveMessage, type Topic, topicKey } from './topics';

let newsAt = Date.now();
const hearers = new Set<(message: LiveMessage) => void>();

/** The page's one connection. */
export const live = new LiveConnection(browserSurroundings, {
  message: message => {
    newsAt = Date.now();
    applyMessage(queryClient, message);
    for (const hear of hearers) hear(message);
  },
  missed: () => void queryClient.invalidateQueries(),
});

/** When the page heard the last news. */
export function lastNews(): number {
  return newsAt;
}

export function startLive(): void {
  live.start();
  addEventListener('online', () => live.hurry());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && live.hurry());
}

export function useLiveMode(): LiveMode {
  return useSyncExternalStore(
    watcher => live.onMode(watcher),
    () => live.mode,
  );
}

/**
 * Follows a topic while the component is shown: `{ kind: 'services' }` keeps `queries.services` fresh, `queue_stats` keeps `queries.stats`,
 * `job` keeps `queries.job(id)`. Null follows nothing.
 */
export function useLive(topic: Topic | null): void {
  const key = topic && topicKey(topic);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the topic.
  useEffect(() => (topic ? live.follow(topic) : undefined), [key]);
}

/** Hears all messages of the server, for what no query holds, such as results that arrive. `hear` must not change at each render. */
export function useLiveMessages(hear: (message: LiveMessage) => void): void {
  useEffect(() => {
    hearers.add(hear);
    return () => {
      hearers.delete(hear);
    };
  }, [hear]);
}
