import type { Method, Path } from './types.js';

/**
 * The requests that may be sent again, besides reads. The others would be done twice, or would be told that it was done already: a second
 * job, a key that nobody knows, a person who is not there.
 */
const repeatable: { readonly [P in Path]?: readonly Method[] } = {
  '/api/jobs/{id}': ['patch', 'delete'],
  '/api/jobs/{id}/rematch': ['post'],
  '/api/queue/cancel/{id}': ['post'],
  '/api/queue/jobs/{id}/pause': ['post'],
  '/api/queue/jobs/{id}/resume': ['post'],
  '/api/services/{name}': ['patch'],
  '/api/services/{name}/pause': ['post'],
  '/api/services/{name}/resume': ['post'],
  '/api/queue/pause': ['post'],
  '/api/queue/resume': ['post'],
  '/api/quote': ['post'],
  '/api/bulk/{id}/stop': ['post'],
  '/api/schedules/{id}': ['patch'],
  '/api/webhooks/{id}': ['patch'],
  '/api/webhooks/secret': ['post'],
  '/api/people/{id}': ['patch'],
  '/api/people/{id}/photos': ['post'],
  '/api/uploads/{id}': ['patch', 'delete'],
  '/api/uploads/{id}/commit': ['post'],
  '/api/ws/ticket': ['post'],
  '/api/logout': ['post'],
};

/** True when the request may be sent again after a fault; any request with an idempotency key may. */
export function isRepeatable(path: Path, method: Method, headers: Readonly<Record<string, unknown>> = {}): boolean {
  return method === 'get' || headers['Idempotency-Key'] !== undefined || (repeatable[path]?.includes(method) ?? false);
}
