import { fill } from './address.js';
import { isRepeatable } from './repeatable.js';
import type { Call, Sender } from './sender.js';
import type {
  AnswerOf,
  EntryOf,
  Method,
  MethodOf,
  Operation,
  Page,
  PagePath,
  Path,
  QueryOf,
  RequestArguments,
  Sequence,
} from './types.js';

interface LooseOptions {
  path?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, unknown>>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Calls any route of the server, with the types of its document. */
export class Api {
  constructor(readonly sender: Sender) {}

  /** Calls a route and reads its answer. */
  request<P extends Path, M extends MethodOf<P>>(
    path: P,
    method: M,
    ...[options]: RequestArguments<Operation<P, M>>
  ): Promise<AnswerOf<Operation<P, M>>> {
    return this.sender.request(callOf(path, method, options as LooseOptions | undefined)) as Promise<
      AnswerOf<Operation<P, M>>
    >;
  }

  /** Calls a route and gives the answer as it comes: for streams and files. */
  open<P extends Path, M extends MethodOf<P>>(
    path: P,
    method: M,
    ...[options]: RequestArguments<Operation<P, M>>
  ): Promise<Response> {
    return this.sender.open(callOf(path, method, options as LooseOptions | undefined));
  }

  /** The entries of a list, page by page as they are used. */
  async *all<P extends PagePath>(
    path: P,
    options: LooseOptions & { query?: QueryOf<Operation<P, 'get'>> } = {},
  ): Sequence<EntryOf<P>> {
    let cursor: string | null = null;
    do {
      const query: Record<string, unknown> = cursor === null ? { ...options.query } : { ...options.query, cursor };
      const call = callOf(path, 'get', { ...options, query });
      const page = (await this.sender.request(call)) as Page<EntryOf<P>>;
      yield* page.data;
      cursor = page.next;
    } while (cursor !== null);
  }
}

function callOf(path: Path, method: Method, options: LooseOptions = {}): Call {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined) headers[name] = String(value);
  }
  const isJson = options.body !== undefined && !isRaw(options.body);
  if (isJson) headers['Content-Type'] ??= 'application/json';
  return {
    method: method.toUpperCase(),
    path: fill(path, options.path, options.query),
    headers,
    body: isJson ? JSON.stringify(options.body) : (options.body as BodyInit | undefined),
    isRepeatable: isRepeatable(path, method, headers),
    signal: options.signal,
  };
}

function isRaw(body: unknown): boolean {
  return (
    typeof body === 'string' ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    (typeof FormData === 'function' && body instanceof FormData)
  );
}
