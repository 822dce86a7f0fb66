import type { components, paths } from '../generated/api.js';

/** The forms of the API, by the names of the server's OpenAPI document. */
export type Schemas = components['schemas'];

/** A path of the API as the document writes it, such as `/api/jobs/{id}`. */
export type Path = keyof paths;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The methods that a path has. */
export type MethodOf<P extends Path> = {
  [M in Method]: [Operation<P, M>] extends [never] ? never : M;
}[Method];

/** What the document says about one method of a path. */
export type Operation<P extends Path, M extends Method> = M extends keyof paths[P]
  ? Exclude<paths[P][M], undefined>
  : never;

type PathParameters<O> = O extends { parameters: { path: infer T } } ? Exclude<T, undefined> : never;

/** The parameters of the query. */
export type QueryOf<O> = O extends { parameters: { query?: infer T } } ? Exclude<T, undefined> : never;

type Headers<O> = O extends { parameters: { header?: infer T } } ? Exclude<T, undefined> : never;

type Content<O> = O extends { requestBody?: infer T } ? Exclude<T, undefined> : never;

/** The body: a value that is sent as JSON; or a form, bytes or text, where the route reads these. */
export type BodyOf<O> =
  Content<O> extends { content: { 'application/json': infer T } }
    ? T | FormData | Blob
    : [Content<O>] extends [never]
      ? never
      : Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | string;

type BodyMember<O> = [BodyOf<O>] extends [never]
  ? { body?: never }
  : O extends { requestBody: unknown }
    ? { body: BodyOf<O> }
    : { body?: BodyOf<O> };

type QueryMember<O> = [QueryOf<O>] extends [never]
  ? { query?: never }
  : Record<never, never> extends QueryOf<O>
    ? { query?: QueryOf<O> }
    : { query: QueryOf<O> };

/** Values that come one by one. To end it early, leave the loop or abort its signal. */
export type Sequence<T> = AsyncGenerator<T, void, undefined>;

/** What any request may have besides its parameters. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** What a request needs, from the document: parameters of the path and of the query, headers, and a body. */
export type RequestOptions<O> = CallOptions &
  QueryMember<O> &
  BodyMember<O> &
  ([PathParameters<O>] extends [never] ? { path?: never } : { path: PathParameters<O> }) &
  ([Headers<O>] extends [never] ? { headers?: never } : { headers?: Headers<O> });

/** The options of a request; they may be left out where nothing is needed. */
export type RequestArguments<O> =
  Record<never, never> extends RequestOptions<O> ? [options?: RequestOptions<O>] : [options: RequestOptions<O>];

type Success = 200 | 201 | 202 | 204;

type Answer<T> = T extends { content: { 'application/json': infer Json } }
  ? Json
  : T extends { content: infer Other }
    ? [Other] extends [never]
      ? undefined
      : [Other] extends [undefined]
        ? undefined
        : Blob
    : undefined;

/** The answer of a success: the JSON, a `Blob` of any other type, or `undefined` for none. */
export type AnswerOf<O> = O extends { responses: infer R }
  ? { [S in keyof R & Success]: Answer<R[S]> }[keyof R & Success]
  : never;

/** A page of a list; `next` is the cursor of the next page, and null on the last one. */
export interface Page<T> {
  data: T[];
  next: string | null;
  total: number;
  total_is_exact: boolean;
}

/** The paths that answer with pages. */
export type PagePath = {
  [P in Path]: AnswerOf<Operation<P, 'get'>> extends { data: unknown[]; next: string | null } ? P : never;
}[Path];

/** The entries of such a path's pages. */
export type EntryOf<P extends PagePath> = AnswerOf<Operation<P, 'get'>> extends { data: (infer T)[] } ? T : never;
