import { addressOf } from '../http/address.js';
import type { Api } from '../http/api.js';
import {
  StashError,
  StashNotAllowedError,
  StashNotFoundError,
  StashUnavailableError,
  StashUnreachableError,
} from '../http/errors.js';
import type { Sequence } from '../http/types.js';
import { isBreak, LiveUnsupported } from './faults.js';
import { Inbox } from './inbox.js';
import { type LiveMessage, parseMessage, type Topic } from './messages.js';

/** The part of the browsers' `WebSocket` that is needed; the class of the package `ws` has it too. */
export interface SocketLike {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  send(data: string): void;
  close(code?: number): void;
}

export type SocketClass = new (url: string) => SocketLike;

const openTimeout = 10_000;
const pingInterval = 20_000;
const maxSilence = 45_000;

interface Follower {
  topic: Topic<unknown>;
  inbox: Inbox<unknown>;
}

/** One WebSocket for everything that a client follows. It opens with the first topic and closes with the last. */
export class SharedSocket {
  private current: Promise<Connection> | undefined;

  constructor(
    private readonly api: Api,
    private readonly socketClass: SocketClass | undefined,
  ) {}

  /** Follows a topic until the connection breaks. */
  async *follow<T>(topic: Topic<T>, signal: AbortSignal | undefined): Sequence<T> {
    const connection = await this.connect();
    const inbox = new Inbox<T>();
    const follower = { topic, inbox } as Follower;
    connection.add(follower);
    try {
      for (;;) yield await inbox.next(signal);
    } finally {
      connection.remove(follower);
    }
  }

  private connect(): Promise<Connection> {
    this.current ??= this.open();
    return this.current;
  }

  private async open(): Promise<Connection> {
    const release = () => {
      this.current = undefined;
    };
    try {
      if (this.socketClass === undefined) throw new LiveUnsupported('There is no WebSocket here.');
      const connection = new Connection(new this.socketClass(await this.address()), release);
      await connection.opened;
      return connection;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Browsers set no headers on sockets, so a key becomes a ticket. */
  private async address(): Promise<string> {
    const { server, apiKey } = this.api.sender.options;
    const address = addressOf(server, `ws/client-${Math.random().toString(36).slice(2)}`);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    if (apiKey === undefined) return address.href;
    try {
      const { ticket } = await this.api.request('/api/ws/ticket', 'post');
      address.searchParams.set('ticket', ticket);
      return address.href;
    } catch (error) {
      if (isBreak(error) || error instanceof StashNotAllowedError || !(error instanceof StashError)) throw error;
      throw new LiveUnsupported(error.message, { cause: error });
    }
  }
}

class Connection {
  readonly opened: Promise<void>;
  private readonly followers = new Set<Follower>();
  /** The keys of subscriptions that the server has not answered; it answers in their order. */
  private readonly asked: string[] = [];
  private readonly heart: ReturnType<typeof setInterval>;
  private heardAt = Date.now();
  private isClosed = false;

  constructor(
    private readonly socket: SocketLike,
    private readonly onClosed: () => void,
  ) {
    this.opened = new Promise((resolve, reject) => {
      const late = setTimeout(
        () => this.end(new LiveUnsupported('The WebSocket did not open in time.'), reject),
        openTimeout,
      );
      socket.onmessage = ((event: { data: unknown }) => {
        clearTimeout(late);
        resolve();
        this.receive(event.data);
      }) as SocketLike['onmessage'];
      socket.onclose = ((event: { code?: number; reason?: string }) => {
        clearTimeout(late);
        // Before the first message nobody can tell a server that is down from a proxy that lets no WebSocket through.
        reject(new LiveUnsupported('The WebSocket did not open.'));
        this.end(faultOf(event.code, event.reason));
      }) as SocketLike['onclose'];
      socket.onerror = () => undefined; // `onclose` follows.
    });
    this.opened.catch(() => undefined);
    this.heart = setInterval(() => this.beat(), pingInterval);
  }

  add(follower: Follower): void {
    if (this.isClosed) {
      follower.inbox.fail(new StashUnreachableError('The connection broke.'));
      return;
    }
    this.followers.add(follower);
    this.asked.push(follower.topic.key);
    this.send({ type: follower.topic.subscribe, ...follower.topic.subject });
  }

  remove(follower: Follower): void {
    if (!this.followers.delete(follower) || this.isClosed) return;
    if (this.followers.size === 0) {
      this.end(new StashUnreachableError('The connection was closed.'));
      return;
    }
    const { key, unsubscribe, subject } = follower.topic;
    if (![...this.followers].some(other => other.topic.key === key))
      this.send({ type: unsubscribe, ...subject, filter: undefined });
  }

  private receive(data: unknown): void {
    this.heardAt = Date.now();
    let message: LiveMessage;
    try {
      message = parseMessage(String(data));
    } catch (error) {
      this.end(error);
      return;
    }
    if (message.type === 'subscription_confirmed') this.asked.shift();
    else if (message.type === 'error') this.refuse(this.asked.shift(), String(message.message ?? ''));
    for (const { topic, inbox } of this.followers) {
      const news = topic.read(message);
      if (news !== undefined) inbox.push(news);
    }
  }

  private refuse(key: string | undefined, text: string): void {
    for (const { topic, inbox } of this.followers) {
      if (topic.key !== key) continue;
      inbox.fail(
        // An older server knows no lists.
        text.startsWith('Unknown message type')
          ? new LiveUnsupported(text)
          : text.startsWith('There is no job')
            ? new StashNotFoundError(text, { status: 404 })
            : new StashUnavailableError(text),
      );
    }
  }

  private beat(): void {
    if (Date.now() - this.heardAt > maxSilence)
      this.end(new StashUnreachableError('Nothing was heard on the WebSocket.'));
    else this.send({ type: 'ping' });
  }

  private send(message: Readonly<Record<string, unknown>>): void {
    try {
      this.socket.send(JSON.stringify(message));
    } catch {
      this.end(new StashUnreachableError('The connection broke.'));
    }
  }

  private end(fault: unknown, reject?: (reason: unknown) => void): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.heart);
    this.onClosed();
    reject?.(fault);
    for (const { inbox } of this.followers) inbox.fail(fault);
    try {
      this.socket.close(1000);
    } catch {
      // It is closed.
    }
  }
}

function faultOf(code: number | undefined, reason: string | undefined): Error {
  return code === 1008
    ? new StashNotAllowedError(reason || 'The server closed the WebSocket: the API key was revoked.', { status: 401 })
    : new StashUnreachableError(`The WebSocket was closed with ${code ?? 'no code'}.`);
}
