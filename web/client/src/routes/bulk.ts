import type { Api } from '../http/api.js';
import type { CallOptions, Operation, QueryOf, Schemas } from '../http/types.js';

type Action = Omit<Schemas['BulkRequest'], 'dry_run'>;
type Query = QueryOf<Operation<'/api/bulk', 'get'>>;

/** `client.bulk`: acts on all jobs of a filter. */
export class BulkRoutes {
  constructor(private readonly api: Api) {}

  /** How many jobs an action would change. */
  async count(action: Action, options: CallOptions = {}): Promise<Schemas['BulkCount']> {
    const answer = await this.api.request('/api/bulk', 'post', { body: { ...action, dry_run: true }, ...options });
    return answer as Schemas['BulkCount'];
  }

  /** Starts a durable operation on all jobs that match. */
  async start(action: Action, options: CallOptions = {}): Promise<Schemas['Bulk']> {
    return (await this.api.request('/api/bulk', 'post', { body: action, ...options })) as Schemas['Bulk'];
  }

  /** One page of the operations, newest first. */
  list(query: Query = {}, options: CallOptions = {}): Promise<Schemas['BulkPage']> {
    return this.api.request('/api/bulk', 'get', { query, ...options });
  }

  get(id: string, options: CallOptions = {}): Promise<Schemas['Bulk']> {
    return this.api.request('/api/bulk/{id}', 'get', { path: { id }, ...options });
  }

  /** Stops an operation; what it has done stays done. */
  stop(id: string, options: CallOptions = {}): Promise<Schemas['Bulk']> {
    return this.api.request('/api/bulk/{id}/stop', 'post', { path: { id }, ...options });
  }
}
