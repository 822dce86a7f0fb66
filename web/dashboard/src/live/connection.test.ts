import { beforeEach, expect, test } from 'vitest';
import { type Channel, type ChannelEvents, LiveConnection, type Surroundings } from './connection';
import type { LiveMessage } from './topics';

class FakeChannel implements Channel {
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;

  constructor(
    readonly events: ChannelEvents,
    readonly query = '',
  ) {}

  send(message: Record<string, unknown>): void {
    this.sent.push(message);
  }

  close(): void {
    this.isClosed = true;
  }
}

class FakeBrowser implements Surroundings {
  readonly sockets: FakeChannel[] = [];
  readonly streams: FakeChannel[] = [];
  timers: { at: number; act: () => void }[] = [];
  answers = true;

  openSocket(events: ChannelEvents): Channel {
    return this.keep(this.sockets, new FakeChannel(events));
  }

  openEvents(query: URLSearchParams, events: ChannelEvents): Channel {
    return this.keep(this.streams, new FakeChannel(events, query.toString()));
  }

  ask(): Promise<boolean> {
    return Promise.resolve(this.answers);
  }

  after(milliseconds: number, act: () => void): () => void {
    const timer = { at: milliseconds, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter(one => one !== timer);
    };
  }

  random(): number {
    return 1;
  }

  /** Lets the only timer end, and everything that follows at once. */
  async pass(): Promise<number> {
    await settle();
    const [timer] = this.timers.splice(0, 1);
    timer?.act();
    await settle();
    return timer?.at ?? 0;
  }

  private keep(list: FakeChannel[], channel: FakeChannel): FakeChannel {
    list.push(channel);
    return channel;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

let browser: FakeBrowser;
let heard: LiveMessage[];
let missed: number;
let live: LiveConnection;

beforeEach(() => {
  browser = new FakeBrowser();
  heard = [];
  missed = 0;
  live = new LiveConnection(browser, { message: message => heard.push(message), missed: () => missed++ });
});

const message: LiveMessage = { type: 'services', timestamp: '' };

test('subscribes on the socket once it is open, once for each topic, and again after a break', async () => {
  const stop = live.follow({ kind: 'services' });
  live.follow({ kind: 'services' });
  live.start();
  browser.sockets[0]!.events.opened();
  live.follow({ kind: 'job', id: '1' });
  expect(browser.sockets[0]!.sent).toEqual([{ type: 'subscribe_services' }, { type: 'subscribe_job', job_id: '1' }]);
  browser.sockets[0]!.events.message(message);
  expect(heard).toEqual([message]);
  expect(missed).toBe(0);

  stop();
  browser.sockets[0]!.events.closed();
  await browser.pass();
  browser.sockets[1]!.events.opened();
  expect(browser.sockets[1]!.sent).toHaveLength(2);
  expect(live.mode).toBe('socket');
});

test('a server that is gone is lost, asked with growing pauses, and what was missed is read again', async () => {
  live.start();
  browser.sockets[0]!.events.opened();
  browser.answers = false;
  browser.sockets[0]!.events.closed();
  const pauses = [];
  for (let i = 1; i < 8; i++) {
    pauses.push(await browser.pass());
    expect(live.mode).toBe('lost');
    browser.sockets[i]!.events.closed();
  }
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 10000, 10000]);
  expect(browser.streams).toHaveLength(0);

  browser.answers = true;
  await browser.pass();
  browser.sockets[8]!.events.opened();
  expect(live.mode).toBe('socket');
  expect(missed).toBe(1);
});

test('a server that opens no socket is followed by an event stream, then by polling, and a socket is tried again', async () => {
  live.follow({ kind: 'jobs', filter: { state: 'failed', tag: 'x y' } });
  live.follow({ kind: 'services' });
  live.start();
  for (let i = 0; i < 2; i++) {
    browser.sockets[i]!.events.closed();
    await browser.pass();
  }
  expect(browser.streams[0]!.query).toBe('jobs=state%3Dfailed%26tag%3Dx%2By&services=1');
  browser.streams[0]!.events.opened();
  expect(live.mode).toBe('events');

  browser.streams[0]!.events.closed();
  await browser.pass();
  browser.streams[1]!.events.closed();
  await browser.pass();
  expect(live.mode).toBe('polling');
  expect(missed).toBe(1);
  await browser.pass();
  expect(missed).toBe(2);

  for (let i = 0; i < 12 && browser.sockets.length < 3; i++) await browser.pass();
  browser.sockets[2]!.events.opened();
  expect(live.mode).toBe('socket');
});

test('a stream begins again when another topic is followed', async () => {
  live.follow({ kind: 'services' });
  live.start();
  for (let i = 0; i < 2; i++) {
    browser.sockets[i]!.events.closed();
    await browser.pass();
  }
  browser.streams[0]!.events.opened();
  live.follow({ kind: 'job', id: '7' });
  await browser.pass();
  expect(browser.streams[0]!.isClosed).toBe(true);
  expect(browser.streams[1]!.query).toBe('services=1&job_id=7');
});

test('what belongs to an earlier channel is not heard', () => {
  live.start();
  live.stop();
  browser.sockets[0]!.events.opened();
  browser.sockets[0]!.events.message(message);
  browser.sockets[0]!.events.closed();
  expect(heard).toEqual([]);
  expect(live.mode).toBe('connecting');
});
