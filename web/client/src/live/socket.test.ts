import { afterEach, expect, test } from 'vitest';
import { Api } from '../http/api.js';
import {
  StashNotAllowedError,
  StashNotFoundError,
  StashUnavailableError,
  StashUnreachableError,
} from '../http/errors.js';
import { Sender } from '../http/sender.js';
import { failureOf, json, problem, QuickClock } from '../testing/scripted.js';
import { LiveUnsupported } from './faults.js';
import { jobsTopic, jobTopic, servicesTopic } from './messages.js';
import { SharedSocket, type SocketLike } from './socket.js';

class FakeSocket implements SocketLike {
  static all: FakeSocket[] = [];
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closedWith: number | undefined;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  tell(...messages: Record<string, unknown>[]): void {
    for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) } as never);
  }

  drop(code: number): void {
    this.onclose?.({ code } as never);
  }
}

afterEach(() => {
  for (const socket of FakeSocket.all) socket.drop(1000); // Stops their timers.
  FakeSocket.all = [];
});

function shared(apiKey?: string, answer: () => Response = () => json({ ticket: 'ticket_1' })) {
  const server = new URL('https://server.test/stashai/');
  const fetch = (() => Promise.resolve(answer())) as typeof globalThis.fetch;
  const sender = new Sender({ server, apiKey, fetch, timeout: 0, maxRetries: 0, clock: new QuickClock() });
  return new SharedSocket(new Api(sender), FakeSocket);
}

/** Lets all promises that are ready go on. */
const settle = () => new Promise(resolve => setImmediate(resolve));

async function opened(): Promise<FakeSocket> {
  await settle();
  const socket = FakeSocket.all.at(-1) as FakeSocket;
  socket.tell({ type: 'connection_established' });
  await settle();
  return socket;
}

const confirmed = { type: 'subscription_confirmed' };

test('all topics share one socket, which closes with the last', async () => {
  const socket = shared();
  const [job, jobs] = [
    socket.follow(jobTopic('a'), undefined),
    socket.follow(jobsTopic({ state: 'failed' }, 'list-1'), undefined),
  ];
  const [first, second] = [job.next(), jobs.next()];
  const one = await opened();
  one.tell(
    confirmed,
    { type: 'job_progress', job_id: 'b', version: 1 },
    { type: 'job_progress', job_id: 'a', version: 2 },
  );
  one.tell(confirmed, {
    type: 'jobs',
    name: 'list-1',
    data: [],
    next: null,
    total: 0,
    total_is_exact: true,
    timestamp: '',
  });

  expect((await first).value).toMatchObject({ job_id: 'a', version: 2 });
  expect((await second).value).toEqual({ kind: 'page', jobs: [], next: null, total: 0, total_is_exact: true });
  expect(FakeSocket.all.length).toBe(1);
  expect(one.url).toMatch(/^wss:\/\/server\.test\/stashai\/ws\/client-/);
  await job.return(undefined);
  expect([one.sent.at(-1), one.closedWith]).toEqual([{ type: 'unsubscribe_job', job_id: 'a' }, undefined]);
  await jobs.return(undefined);
  expect(one.closedWith).toBe(1000);
  void socket
    .follow(servicesTopic, undefined)
    .next()
    .catch(() => undefined);
  await opened();
  expect(FakeSocket.all.length).toBe(2);
});

test('a topic that two follow is given up with the second', async () => {
  const socket = shared();
  const [one, two, other] = [1, 2, 3].map(i => socket.follow(jobTopic(i === 3 ? 'b' : 'a'), undefined));
  const news = [one?.next(), two?.next(), other?.next()];
  const wire = await opened();
  wire.tell({ type: 'job_progress', job_id: 'a' }, { type: 'job_progress', job_id: 'b' });
  await Promise.all(news);
  await one?.return(undefined);
  expect(wire.sent.some(message => message.type === 'unsubscribe_job')).toBe(false);
  await two?.return(undefined);
  expect(wire.sent.at(-1)).toEqual({ type: 'unsubscribe_job', job_id: 'a' });
});

test('a refusal meets the topic that was asked for, and no other', async () => {
  const socket = shared();
  const [good, bad, old, busy] = ['a', 'b', 'c', 'd'].map(id => socket.follow(jobTopic(id), undefined).next());
  const failures = [bad, old, busy].map(one => failureOf(one as Promise<unknown>));
  const wire = await opened();
  const error = (message: string) => ({ type: 'error', message });
  wire.tell(confirmed, error('There is no job b.'), error('Unknown message type: subscribe_jobs'), error('try again'));
  wire.tell({ type: 'job_progress', job_id: 'a' });
  expect((await good)?.value).toMatchObject({ job_id: 'a' });
  const [missing, unknown, later] = await Promise.all(failures);
  expect(missing).toBeInstanceOf(StashNotFoundError);
  expect(unknown).toBeInstanceOf(LiveUnsupported);
  expect(later).toBeInstanceOf(StashUnavailableError);
});

test.each([
  [1001, StashUnreachableError],
  [1006, StashUnreachableError],
  [1008, StashNotAllowedError],
])('a socket that is closed with %i ends what it followed', async (code, ErrorClass) => {
  const news = failureOf(shared().follow(jobTopic('a'), undefined).next());
  (await opened()).drop(code);
  expect(await news).toBeInstanceOf(ErrorClass);
});

test('a socket that closes before it says anything is no way here', async () => {
  const news = failureOf(shared().follow(jobTopic('a'), undefined).next());
  await settle();
  FakeSocket.all[0]?.drop(1006);
  expect(await news).toBeInstanceOf(LiveUnsupported);
});

test('a key becomes a ticket', async () => {
  const news = failureOf(shared('secret').follow(jobTopic('a'), undefined).next());
  const wire = await opened();
  expect(wire.url).toMatch(/\?ticket=ticket_1$/);
  expect(wire.url).not.toContain('secret');
  wire.drop(1001);
  await news;
});

test.each([
  [401, StashNotAllowedError],
  [404, LiveUnsupported],
  [503, StashUnavailableError],
])('a ticket that is refused with %i says why', async (status, ErrorClass) => {
  expect(
    await failureOf(
      shared('k', () => problem(status))
        .follow(jobTopic('a'), undefined)
        .next(),
    ),
  ).toBeInstanceOf(ErrorClass);
});

test('an abort ends a topic at once', async () => {
  const abort = new AbortController();
  const news = failureOf(shared().follow(jobTopic('a'), abort.signal).next());
  const wire = await opened();
  abort.abort('left');
  expect(await news).toBe('left');
  expect(wire.closedWith).toBe(1000);
});

test('rubbish ends the connection', async () => {
  const news = failureOf(shared().follow(jobTopic('a'), undefined).next());
  (await opened()).onmessage?.({ data: 'x' } as never);
  expect(String(await news)).toContain('not JSON');
});
