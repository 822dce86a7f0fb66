import { addressOf } from './address.js';
import {
  errorOf,
  StashConflictError,
  StashError,
  StashProtocolError,
  StashUnavailableError,
  StashUnreachableError,
} from './errors.js';
import { type Clock, delayOf, LinkedAbort } from './waiting.js';

/** A server that asks for a longer wait gets no retry: the caller decides. In seconds. */
const maxRetryAfter = 30;

/** One request. */
export interface Call {
  method: string;
  /** With its query. */
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: BodyInit | undefined;
  /** True when the request may be sent again after a fault. */
  isRepeatable: boolean;
  signal?: AbortSignal | undefined;
  /** The milliseconds that one attempt may take; 0 for no limit. */
  timeout?: number | undefined;
}

export interface SenderOptions {
  server: URL;
  apiKey: string | undefined;
  fetch: typeof globalThis.fetch;
  timeout: number;
  maxRetries: number;
  clock: Clock;
}

/** Sends requests, and sends again what may be repeated. */
export class Sender {
  constructor(readonly options: SenderOptions) {}

  get clock(): Clock {
    return this.options.clock;
  }

  /** Sends a request and reads its answer, which counts as a part of the attempt. */
  async run<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    for (let retry = 0; ; retry++) {
      try {
        return await this.attempt(call, read);
      } catch (error) {
        if (!call.isRepeatable || retry >= this.options.maxRetries || !mayPass(error)) throw error;
        await this.clock.wait(error.retryAfter === undefined ? delayOf(retry) : error.retryAfter * 1000, call.signal);
      }
    }
  }

  /** The JSON of an answer, a `Blob` of any other type, or `undefined` for none. */
  request(call: Call): Promise<unknown> {
    return this.run(call, readAnswer);
  }

  /** Opens a stream; the time limit ends with the headers. */
  open(call: Call): Promise<Response> {
    return this.run(call, response => Promise.resolve(response));
  }

  /**
   * Sends a part of a large upload, again and again until it arrives: the server may be starting anew. Refusals end it, and so does
   * `patience` milliseconds without an answer.
   */
  async sendPatiently<T>(call: Call, patience: number): Promise<T> {
    let failing = this.clock.now();
    for (let retry = 0; ; retry++) {
      const began = this.clock.now();
      try {
        return (await this.request({ ...call, isRepeatable: false })) as T;
      } catch (error) {
        if (this.options.maxRetries === 0 || !mayPass(error)) throw error;
        // An attempt that was under way for long had a server to talk to.
        if (this.clock.now() - began > 10_000) failing = this.clock.now();
        if (this.clock.now() - failing >= patience) throw error;
        await this.clock.wait(error.retryAfter === undefined ? delayOf(retry) : error.retryAfter * 1000, call.signal);
      }
    }
  }

  private async attempt<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    call.signal?.throwIfAborted();
    const limit = call.timeout ?? this.options.timeout;
    const abort = new LinkedAbort(call.signal);
    let isLate = false;
    const timer =
      limit > 0
        ? setTimeout(() => {
            isLate = true;
            abort.abort();
          }, limit)
        : undefined;
    let isStream = false;
    try {
      const response = await this.options.fetch(addressOf(this.options.server, call.path), {
        method: call.method,
        headers: this.headersOf(call),
        body: call.body ?? null,
        signal: abort.signal,
      });
      if (!response.ok) throw await errorOf(response, this.clock.now());
      const answer = await read(response);
      isStream = answer === response;
      return answer;
    } catch (error) {
      if (error instanceof StashError) throw error;
      call.signal?.throwIfAborted();
      const { host } = this.options.server;
      throw isLate
        ? new StashUnreachableError(`${host} did not answer within ${limit / 1000} s.`, { cause: error })
        : new StashUnreachableError(`${host} does not answer: ${reasonOf(error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
      // A stream ends with the caller's signal even after its headers.
      if (!isStream) abort.release();
    }
  }

  private headersOf(call: Call): Record<string, string> {
    const { apiKey } = this.options;
    return {
      Accept: 'application/json',
      // Tasks are called `completed`, and nothing as for the Stash plugin.
      'StashAI-Dialect': 'default',
      ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }),
      ...call.headers,
    };
  }
}

/** True for what may be over soon. A conflict with a wait is a first request with the same idempotency key that is still running. */
export function mayPass(error: unknown): error is StashError {
  if (error instanceof StashError && (error.retryAfter ?? 0) > maxRetryAfter) return false;
  if (error instanceof StashUnavailableError) return error.status !== 507;
  if (error instanceof StashConflictError) return error.retryAfter !== undefined;
  return error instanceof StashUnreachableError;
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('Content-Type') ?? '';
  // A page of HTML is that of a proxy, or of a network that asks for a login.
  if (/^text\/html\b/i.test(type)) throw foreignAnswer(response);
  if (!/json\s*(;|$)/i.test(type)) return response.blob();
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw foreignAnswer(response, error);
  }

  if (answer === null) throw foreignAnswer(response);
  return answer;
}

const foreignAnswer = (response: Response, cause?: unknown) =>
  new StashProtocolError(`${response.url} does not answer as a StashAI server does. Check the address.`, { cause });

/** The innermost reason; `fetch` says only that it failed. */
export function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost instanceof Error ? innermost.message || innermost.name : String(innermost);
}
