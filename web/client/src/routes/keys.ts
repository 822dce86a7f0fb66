import type { Api } from '../http/api.js';
import type { CallOptions, Operation, QueryOf, Schemas } from '../http/types.js';

/** `client.keys`: the API keys in the database. */
export class KeyRoutes {
  constructor(private readonly api: Api) {}

  /** One page of the keys, newest first, without the secrets. */
  list(query: QueryOf<Operation<'/api/keys', 'get'>> = {}, options: CallOptions = {}): Promise<Schemas['KeyPage']> {
    return this.api.request('/api/keys', 'get', { query, ...options });
  }

  /** A new key, which is shown this once. */
  create(key: Schemas['NewKey'], options: CallOptions = {}): Promise<Schemas['CreatedKey']> {
    return this.api.request('/api/keys', 'post', { body: key, ...options });
  }

  /** Revokes a key permanently. */
  revoke(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.api.request('/api/keys/{id}', 'delete', { path: { id }, ...options });
  }
}
