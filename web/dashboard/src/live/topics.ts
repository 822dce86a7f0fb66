import type { Filter } from '../filter/parse';

/** Something that a page follows. Two with the same key are followed once. */
export type Topic =
  | { readonly kind: 'jobs'; readonly filter: Filter }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'services' }
  | { readonly kind: 'queue_stats' };

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
