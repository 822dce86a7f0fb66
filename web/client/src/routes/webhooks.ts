import type { Api } from '../http/api.js';
import type { CallOptions, Operation, QueryOf, Schemas, Sequence } from '../http/types.js';

type Query = QueryOf<Operation<'/api/webhooks', 'get'>>;
type LogQuery = QueryOf<Operation<'/api/webhooks/{id}/deliveries', 'get'>>;

/** `client.webhooks`: who is told when jobs and batches end. An id may also be a name. */
export class WebhookRoutes {
  constructor(private readonly api: Api) {}

  /** One page of the webhooks, newest first, without their secrets. */
  list(query: Query = {}, options: CallOptions = {}): Promise<Schemas['WebhookPage']> {
    return this.api.request('/api/webhooks', 'get', { query, ...options });
  }

  /** All webhooks; pages are read as they are used. */
  all(query: Query = {}, options: CallOptions = {}): Sequence<Schemas['Webhook']> {
    return this.api.all('/api/webhooks', { query, ...options });
  }

  get(id: string, options: CallOptions = {}): Promise<Schemas['Webhook']> {
    return this.api.request('/api/webhooks/{id}', 'get', { path: { id }, ...options });
  }

  /** A new webhook. Only this answer has its secret. */
  create(webhook: Schemas['WebhookRequest'], options: CallOptions = {}): Promise<Schemas['WebhookWithSecret']> {
    return this.api.request('/api/webhooks', 'post', { body: webhook, ...options });
  }

  patch(id: string, change: Schemas['WebhookChange'], options: CallOptions = {}): Promise<Schemas['Webhook']> {
    return this.api.request('/api/webhooks/{id}', 'patch', { path: { id }, body: change, ...options });
  }

  delete(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.api.request('/api/webhooks/{id}', 'delete', { path: { id }, ...options });
  }

  /** Gives it a new secret, which only this answer has. */
  rotate(
    id: string,
    rotation: Schemas['WebhookRotation'] = {},
    options: CallOptions = {},
  ): Promise<Schemas['WebhookWithSecret']> {
    return this.api.request('/api/webhooks/{id}/rotate', 'post', { path: { id }, body: rotation, ...options });
  }

  /** Sends it an event `webhook.test`. */
  test(id: string, options: CallOptions = {}): Promise<Schemas['Delivery']> {
    return this.api.request('/api/webhooks/{id}/test', 'post', { path: { id }, ...options });
  }

  /** One page of what it was sent, newest first; the id `jobs` is for the addresses that jobs name. */
  deliveries(id: string, query: LogQuery = {}, options: CallOptions = {}): Promise<Schemas['DeliveryPage']> {
    return this.api.request('/api/webhooks/{id}/deliveries', 'get', { path: { id }, query, ...options });
  }

  /** Sends an event again, with the same id. */
  replay(id: string, delivery: string, options: CallOptions = {}): Promise<Schemas['Delivery']> {
    return this.api.request('/api/webhooks/{id}/deliveries/{delivery}/replay', 'post', {
      path: { id, delivery },
      ...options,
    });
  }

  /** The secret for an address that jobs of this key name in `config.webhook`. */
  secret(url: string, options: CallOptions = {}): Promise<Schemas['WebhookSecret']> {
    return this.api.request('/api/webhooks/secret', 'post', { body: { url }, ...options });
  }
}
