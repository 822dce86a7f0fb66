import { serverBase } from './base';
import { ApiError, problemOf } from './problem';

export type Query = Record<string, string | number | boolean | null | undefined>;

interface Call {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The address of a path of the API, such as `api/jobs`, with its query. */
export function apiAddress(path: string, query: Query = {}): string {
  const address = new URL(path, serverBase());
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') address.searchParams.set(name, String(value));
  }
  return address.href;
}

/** Asks the server; throws {@link ApiError} for a refusal and for no answer. */
export async function call<Answer>(method: string, path: string, options: Call = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(apiAddress(path, options.query), {
      method,
      headers: {
        Accept: 'application/json',
        ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

export const api = {
  get: <Answer>(path: string, query?: Query, signal?: AbortSignal) => call<Answer>('GET', path, { query, signal }),
  post: <Answer>(path: string, body?: unknown, query?: Query) => call<Answer>('POST', path, { body, query }),
  patch: <Answer>(path: string, body: unknown) => call<Answer>('PATCH', path, { body }),
  delete: <Answer>(path: string) => call<Answer>('DELETE', path),
};
