import type { Filter } from '../filter/parse';

/** Something that a page follows. Two with the same key are one subscription. */
export type Topic =
  | { readonly kind: 'jobs'; readonly filter: Filter }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'services' }
  | { readonly kind: 'queue_stats' };

/** A message of the server (docs/websocket.md). */
export interface LiveMessage {
  readonly type: string;
  readonly timestamp: string;
  readonly [member: string]: unknown;
}

export function topicKey(topic: Topic): string {
  switch (topic.kind) {
    case 'jobs':
      return `jobs:${new URLSearchParams(Object.entries(topic.filter).sort()).toString()}`;
    case 'job':
    case 'task':
      return `${topic.kind}:${topic.id}`;
    default:
      return topic.kind;
  }
}

/** The message that follows a topic or stops to. A list has its key as its name, so that its messages name it. */
export function subscribeMessage(topic: Topic, verb: 'subscribe' | 'unsubscribe'): Record<string, unknown> {
  const type = `${verb}_${topic.kind}`;
  switch (topic.kind) {
    case 'jobs':
      return { type, name: topicKey(topic), ...(verb === 'subscribe' ? { filter: topic.filter } : {}) };
    case 'job':
      return { type, job_id: topic.id };
    case 'task':
      return { type, task_id: topic.id };
    default:
      return { type };
  }
}

/** The query of an event stream for the topics. A stream has one list at most: that of the first such topic. */
export function eventQuery(topics: readonly Topic[]): URLSearchParams {
  const query = new URLSearchParams();
  const list = topics.find(topic => topic.kind === 'jobs');
  if (list) query.set('jobs', topicKey(list).slice('jobs:'.length) || '1');
  for (const topic of topics) {
    if (topic.kind === 'job') query.append('job_id', topic.id);
    if (topic.kind === 'task') query.append('task_id', topic.id);
    if (topic.kind === 'services') query.set('services', '1');
    if (topic.kind === 'queue_stats') query.set('queue_stats', '1');
  }
  return query;
}
