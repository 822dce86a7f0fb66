import { fill } from './http/address.js';
import type { Api } from './http/api.js';
import { StashError, StashUnavailableError, StashUnreachableError } from './http/errors.js';
import { lines } from './http/lines.js';
import { reasonOf } from './http/sender.js';
import type { Schemas, Sequence } from './http/types.js';
import { delayOf } from './http/waiting.js';
import { isOver } from './live/messages.js';

/** How one item of a job ended, with the answer of the service in `result`. */
export type JobResult<T = unknown> = Omit<Schemas['JobResult'], 'result'> & { result: T };

/** Which results of a job to read, and in which order. */
export interface ResultOptions {
  /** The only form that is read line by line. For CSV, ZIP and pages call `open('/api/jobs/{id}/results', 'get', …)`. */
  format?: 'ndjson' | undefined;
  /** Also waits for the tasks that have not ended, until the job has ended. */
  follow?: boolean | undefined;
  /** `items`, the default, gives results in the order of the items; `finished` as they finish. */
  order?: 'items' | 'finished' | undefined;
  /** The states to read; all by default. */
  state?: Schemas['TaskState'] | readonly Schemas['TaskState'][] | undefined;
  /** The first item to read, from 0. */
  from?: number | undefined;
  signal?: AbortSignal | undefined;
}

const maxBreaks = 5;

/** A followed stream is silent while a task runs; after so long it is opened again, in case the connection is dead. */
const maxSilence = 120_000;

/** Reads the results of a job. A stream that breaks is opened again at the first item that is missing. */
export async function* readResults<T>(
  api: Api,
  job: string,
  options: ResultOptions,
  patience: number,
): Sequence<JobResult<T>> {
  const { clock } = api.sender;
  const { signal, follow = false } = options;
  const isUnordered = options.order === 'finished';
  let next = options.from ?? 0;
  // Those behind the first missing one that have come already.
  const seen = new Set<number>();
  let breaks = 0;
  let lastAnswer = clock.now();
  for (;;) {
    let fault: unknown;
    let response: Response | undefined;
    try {
      response = await openResults(api, job, options, next);
    } catch (error) {
      const mayStart = error instanceof StashUnreachableError || error instanceof StashUnavailableError;
      if (!follow || !mayStart || breaks === 0 || clock.now() - lastAnswer >= patience) throw error;
      fault = error; // The server starts again.
    }
    if (response?.body) {
      lastAnswer = clock.now();
      const stream = lines(response.body, follow ? maxSilence : 0);
      try {
        for (;;) {
          const line = await readLine(stream, signal);
          if (line === undefined) break;
          lastAnswer = clock.now();
          const result = JSON.parse(line) as JobResult<T>;
          if (result.index < next || seen.has(result.index)) continue;
          if (isUnordered) seen.add(result.index);
          else next = result.index + 1;
          while (seen.delete(next)) next++;
          breaks = 0;
          yield result;
        }
      } catch (error) {
        if (!(error instanceof StashUnreachableError)) throw error;
        fault = error;
      } finally {
        await stream.return(undefined);
      }
    }
    if (fault === undefined) {
      if (!follow) return;
      const view = await readJob(api, job, signal);
      // A stream may have ended because the server stopped, and the job may have ended since: then the rest is read.
      if (view !== undefined && isOver(view)) {
        if (next >= view.tasks.total) return;
        for await (const rest of readResults<T>(api, job, { ...options, follow: false, from: next }, patience)) {
          if (!seen.has(rest.index)) yield rest;
        }
        return;
      }
    }
    breaks++;
    if (!follow && breaks > maxBreaks) {
      throw new StashUnreachableError(`The results of job ${job} broke off at item ${next}: ${reasonOf(fault)}`, {
        cause: fault,
      });
    }
    await clock.wait(delayOf(breaks), signal);
  }
}

function openResults(api: Api, job: string, options: ResultOptions, next: number): Promise<Response> {
  const query = {
    format: 'ndjson',
    state: options.state,
    order: options.order === 'finished' ? 'finished' : undefined,
    follow: options.follow ? true : undefined,
    from: next > 0 ? next : undefined,
  };
  return api.sender.open({
    method: 'GET',
    path: fill('/api/jobs/{id}/results', { id: job }, query),
    headers: { Accept: 'application/x-ndjson' },
    isRepeatable: true,
    signal: options.signal,
  });
}

/** The next line that is not empty; undefined at the end. */
async function readLine(stream: Sequence<string>, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    for (;;) {
      const { done, value } = await stream.next();
      if (done) return undefined;
      if (value !== '') return value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof StashError) throw error;
    throw new StashUnreachableError(`The connection broke: ${reasonOf(error)}`, { cause: error });
  }
}

/** The job; undefined while the server is away. */
async function readJob(
  api: Api,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Schemas['JobEntryDetail'] | undefined> {
  try {
    return await api.request('/api/jobs/{id}', 'get', { path: { id }, signal });
  } catch (error) {
    if (error instanceof StashUnreachableError || error instanceof StashUnavailableError) return undefined;
    throw error;
  }
}
