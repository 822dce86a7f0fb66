import type { Api } from '../http/api.js';
import type { CallOptions, Operation, QueryOf, Schemas, Sequence } from '../http/types.js';

type Tasks = QueryOf<Operation<'/api/tasks', 'get'>>;

/** `client.tasks` */
export class TaskRoutes {
  constructor(private readonly api: Api) {}

  /** One page of the tasks of all jobs, newest first. */
  list(query: Tasks = {}, options: CallOptions = {}): Promise<Schemas['TaskEntryPage']> {
    return this.api.request('/api/tasks', 'get', { query, ...options });
  }

  /** All tasks of a filter; pages are read as they are used. */
  all(query: Tasks = {}, options: CallOptions = {}): Sequence<Schemas['TaskEntry']> {
    return this.api.all('/api/tasks', { query, ...options });
  }

  /** A task with its input, its result and its attempts. */
  get(id: string, query: QueryOf<Operation<'/api/tasks/{id}', 'get'>> = {}, options: CallOptions = {}) {
    return this.api.request('/api/tasks/{id}', 'get', { path: { id }, query, ...options });
  }

  /** Runs a failed or cancelled task again, with another input if one is given. */
  retry(id: string, retry: Schemas['TaskRetry'] = {}, options: CallOptions = {}): Promise<Schemas['TaskEntry']> {
    return this.api.request('/api/tasks/{id}/retry', 'post', { path: { id }, body: retry, ...options });
  }

  cancel(id: string, options: CallOptions = {}): Promise<Schemas['CancelAnswer']> {
    return this.api.request('/api/queue/cancel/{id}', 'post', { path: { id }, ...options });
  }

  /** The call of the task as a curl command. */
  curl(id: string, options: CallOptions = {}): Promise<Schemas['TaskCurl']> {
    return this.api.request('/api/tasks/{id}/curl', 'get', { path: { id }, ...options });
  }
}
