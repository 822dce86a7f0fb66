import { useEffect, useSyncExternalStore } from 'react';
import { serverBase } from '../api/base';
import { client } from '../api/client';
import { queryClient } from '../api/queries';
import type { Services } from '../api/types';
import { applyJob, applyJobs, withServices } from './apply';
import { calm } from './calm';
import { contact } from './contact';
import { Following } from './following';
import { refresh, refreshIfReading } from './refresh';
import { tabs } from './tabs';
import { throttled } from './throttled';
import { type Topic, topicKey } from './topics';

/** How news comes: by socket, event stream or polling; `idle` before the first, `waiting` while nothing answers. */
export type LiveMode = typeof client.live.status.state;

const pollInterval = 5000;
let newsAt = Date.now();
/** Details of a job that only its own answer has, such as its estimate, are read again at most once a second. */
const readAgain = throttled(1000, (key: string) => void refresh(queryClient, key.split('/')));

const following = new Following({ watch, wait });

/** When the page heard the last news. */
export function lastNews(): number {
  return newsAt;
}

/** Reads everything again that may have changed unseen: after a break, when another tab says so, and again and again where only polling works. */
export function startLive(): void {
  tabs.start(new BroadcastChannel(`stashai ${serverBase()}`), queryClient);
  let before = client.live.status.state;
  let polling: ReturnType<typeof setInterval> | undefined;
  const everything = () => void queryClient.invalidateQueries();
  client.live.onChange(({ state }) => {
    if (before === 'waiting' && state !== 'idle') everything();
    before = state;
    clearInterval(polling);
    polling = state === 'polling' ? setInterval(everything, pollInterval) : undefined;
  });
}

export function useLiveMode(): LiveMode {
  return useSyncExternalStore(
    watcher => client.live.onChange(watcher),
    () => client.live.status.state,
  );
}

/** True while the news broke off and the server has answered no request since. */
export function useIsLost(): boolean {
  const mode = useLiveMode();
  const isBack = useSyncExternalStore(contact.onNote, () => contact.isBackSince(client.live.status.since));
  return mode === 'waiting' && !isBack;
}

/**
 * Follows a topic while the component is shown: `services` keeps `queries.services` fresh, `queue_stats` keeps `queries.stats`, `job` keeps
 * `queries.job(id)`, `task` keeps `queries.task(id)`. Null follows nothing.
 */
export function useLive(topic: Topic | null): void {
  const key = topic && topicKey(topic);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the topic.
  useEffect(() => (topic ? following.follow(topic) : undefined), [key]);
}

async function watch(topic: Topic, signal: AbortSignal): Promise<void> {
  await calm(queryClient, signal);
  switch (topic.kind) {
    case 'services':
      for await (const update of heard(client.watchServices({ signal }))) {
        queryClient.setQueryData<Services>(['services'], known => withServices(known, update));
        void refreshIfReading(queryClient, ['services']);
      }
      break;
    case 'queue_stats':
      for await (const stats of heard(client.watchQueueStats({ signal }))) queryClient.setQueryData(['stats'], stats);
      break;
    case 'jobs':
      for await (const update of heard(
        client.watchJobs(topic.filter as Parameters<typeof client.watchJobs>[0], { signal }),
      ))
        applyJobs(queryClient, topicKey(topic), update);
      break;
    case 'job':
      // As a list of one, which also goes on when a job that was over is retried.
      for await (const update of heard(client.watchJobs({ id: topic.id }, { signal }))) {
        for (const job of update.jobs) applyJob(queryClient, job);
        readAgain(`job/${topic.id}`);
      }
      break;
    case 'task':
      for await (const _ of heard(client.watchTask(topic.id, { signal }))) readAgain(`task/${topic.id}`);
      break;
  }
}

async function* heard<News>(news: AsyncIterable<News>): AsyncGenerator<News> {
  for await (const one of news) {
    newsAt = Date.now();
    yield one;
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
