import type { Api } from '../http/api.js';
import type { BodyOf, CallOptions, Operation, QueryOf, Schemas } from '../http/types.js';

/** `client.services` */
export class ServiceRoutes {
  constructor(private readonly api: Api) {}

  list(options: CallOptions = {}): Promise<Schemas['ServiceList']> {
    return this.api.request('/api/services', 'get', options);
  }

  get(name: string, options: CallOptions = {}): Promise<Schemas['Service']> {
    return this.api.request('/api/services/{name}', 'get', { path: { name }, ...options });
  }

  /** Changes limits and allowed hours; null takes the declaration's value again. */
  patch(name: string, change: Schemas['ServiceChange'], options: CallOptions = {}): Promise<Schemas['Service']> {
    return this.api.request('/api/services/{name}', 'patch', { path: { name }, body: change, ...options });
  }

  /** Starts no further task of it until `until`, or else until somebody resumes. */
  pause(name: string, end: Schemas['PauseRequest'] = {}, options: CallOptions = {}): Promise<Schemas['ServicePause']> {
    return this.api.request('/api/services/{name}/pause', 'post', { path: { name }, body: end, ...options });
  }

  resume(name: string, options: CallOptions = {}): Promise<Schemas['ServicePause']> {
    return this.api.request('/api/services/{name}/resume', 'post', { path: { name }, ...options });
  }

  /** The JSON schemas of the items and the configuration. */
  schema(service: string, options: CallOptions = {}): Promise<Schemas['ServiceSchema']> {
    return this.api.request('/api/services/{service}/schema', 'get', { path: { service }, ...options });
  }

  /** Makes one call now, past the queue, and stores nothing. */
  test(
    name: string,
    item: BodyOf<Operation<'/api/services/{name}/test', 'post'>>,
    query: QueryOf<Operation<'/api/services/{name}/test', 'post'>> = {},
    options: CallOptions = {},
  ): Promise<Schemas['ServiceTest']> {
    return this.api.request('/api/services/{name}/test', 'post', { path: { name }, body: item, query, ...options });
  }

  /** Turns a curl command into a declaration. */
  import(
    command: Schemas['ServiceImportRequest'],
    query: QueryOf<Operation<'/api/services/import', 'post'>> = {},
    options: CallOptions = {},
  ): Promise<Schemas['ServiceImport']> {
    return this.api.request('/api/services/import', 'post', { body: command, query, ...options });
  }

  /** The file of a declared service, with its errors. */
  declaration(name: string, options: CallOptions = {}): Promise<Schemas['Declaration']> {
    return this.api.request('/api/services/{name}/declaration', 'get', { path: { name }, ...options });
  }

  /** Stores another text for a declaration that was made of a curl command (`made_here`). */
  changeDeclaration(name: string, text: string, options: CallOptions = {}): Promise<Schemas['Declaration']> {
    return this.api.request('/api/services/{name}/declaration', 'patch', {
      path: { name },
      body: { text },
      ...options,
    });
  }

  /** Removes a service that was made of a curl command. Its jobs stay. */
  delete(name: string, options: CallOptions = {}): Promise<undefined> {
    return this.api.request('/api/services/{name}', 'delete', { path: { name }, ...options });
  }

  /** Starts no further task of any service until `until`, or else until somebody resumes. */
  pauseAll(end: Schemas['PauseRequest'] = {}, options: CallOptions = {}): Promise<Schemas['QueuePause']> {
    return this.api.request('/api/queue/pause', 'post', { body: end, ...options });
  }

  resumeAll(options: CallOptions = {}): Promise<Schemas['QueuePause']> {
    return this.api.request('/api/queue/resume', 'post', options);
  }
}
