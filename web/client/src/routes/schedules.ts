import type { Api } from '../http/api.js';
import type { CallOptions, Operation, QueryOf, Schemas, Sequence } from '../http/types.js';

type Query = QueryOf<Operation<'/api/schedules', 'get'>>;

/** `client.schedules`: jobs that repeat. An id may also be a name. */
export class ScheduleRoutes {
  constructor(private readonly api: Api) {}

  /** One page of the schedules, newest first. */
  list(query: Query = {}, options: CallOptions = {}): Promise<Schemas['SchedulePage']> {
    return this.api.request('/api/schedules', 'get', { query, ...options });
  }

  /** All schedules; pages are read as they are used. */
  all(query: Query = {}, options: CallOptions = {}): Sequence<Schemas['Schedule']> {
    return this.api.all('/api/schedules', { query, ...options });
  }

  get(id: string, options: CallOptions = {}): Promise<Schemas['Schedule']> {
    return this.api.request('/api/schedules/{id}', 'get', { path: { id }, ...options });
  }

  create(schedule: Schemas['ScheduleRequest'], options: CallOptions = {}): Promise<Schemas['Schedule']> {
    return this.api.request('/api/schedules', 'post', { body: schedule, ...options });
  }

  patch(id: string, change: Schemas['ScheduleChange'], options: CallOptions = {}): Promise<Schemas['Schedule']> {
    return this.api.request('/api/schedules/{id}', 'patch', { path: { id }, body: change, ...options });
  }

  delete(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.api.request('/api/schedules/{id}', 'delete', { path: { id }, ...options });
  }

  /** Runs it now. */
  run(id: string, options: CallOptions = {}): Promise<Schemas['ScheduleRun']> {
    return this.api.request('/api/schedules/{id}/run', 'post', { path: { id }, ...options });
  }

  /** One page of its runs, newest first. */
  runs(id: string, query: Query = {}, options: CallOptions = {}): Promise<Schemas['ScheduleRunPage']> {
    return this.api.request('/api/schedules/{id}/runs', 'get', { path: { id }, query, ...options });
  }
}
