import { StashClient, type StashClientOptions } from '../client.js';
import type { Clock } from '../http/waiting.js';

/** A clock on which every wait is over at once; it knows how long they were. */
export class QuickClock implements Clock {
  readonly waits: number[] = [];
  private time = 1_000_000;

  now(): number {
    return this.time;
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }
}

export interface Sent {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: Uint8Array;
}

/** A client whose requests are answered by a function; what it throws is a broken connection. */
export function scriptedClient(
  answer: (sent: Sent) => Response | Promise<Response>,
  options: Partial<StashClientOptions> = {},
) {
  const clock = new QuickClock();
  const sent: Sent[] = [];
  const fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(String(input), init);
    const url = new URL(request.url);
    const one = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: new Uint8Array(await request.arrayBuffer()),
    };
    sent.push(one);
    return answer(one);
  };
  const client = new StashClient({
    baseUrl: 'http://server.test/',
    fetch: fetch as typeof globalThis.fetch,
    WebSocket: null,
    clock,
    ...options,
  });
  return { client, clock, sent };
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

export function problem(
  status: number,
  members: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title: 'No', status, detail: 'No.', ...members }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });
}

/** A stream of pieces; `breaks` cuts it off after the last one. */
export function streamOf(pieces: readonly (string | Uint8Array)[], breaks = false): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces[next++];
      if (piece !== undefined) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      else if (breaks) controller.error(new TypeError('terminated'));
      else controller.close();
    },
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Numbers that follow from a seed, so that a failure can be repeated. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
}
