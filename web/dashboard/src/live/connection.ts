import { eventQuery, type LiveMessage, subscribeMessage, type Topic, topicKey } from './topics';

/** How news comes: `connecting` before the first, `lost` while nothing answers. */
export type LiveMode = 'connecting' | 'socket' | 'events' | 'polling' | 'lost';

export interface Channel {
  send(message: Record<string, unknown>): void;
  close(): void;
}

export interface ChannelEvents {
  opened(): void;
  message(message: LiveMessage): void;
  /** The channel ended or never opened; called once. */
  closed(): void;
}

/** What the connection needs of a browser, so that tests can bring their own. */
export interface Surroundings {
  openSocket(events: ChannelEvents): Channel;
  openEvents(query: URLSearchParams, events: ChannelEvents): Channel;
  /** True if the server answers at all. */
  ask(): Promise<boolean>;
  after(milliseconds: number, act: () => void): () => void;
  random(): number;
}

export interface LiveListener {
  message(message: LiveMessage): void;
  /** News may have been missed: everything that is shown has to be read again. */
  missed(): void;
}

const firstDelay = 500;
const longestDelay = 10_000;
const pollInterval = 5_000;
/** How often a socket may fail while the server answers, until something else is tried. */
const socketTries = 2;
/** After so long, a socket is tried again beside what works less well. */
const betterAfter = 60_000;

/**
 * One connection for the whole page: a socket, else an event stream, else polling. It connects again by itself, with growing pauses, and then
 * subscribes to everything again.
 */
export class LiveConnection {
  private readonly topics = new Map<string, { topic: Topic; count: number }>();
  private readonly watchers = new Set<() => void>();
  private channel: Channel | undefined;
  private stopWaiting: (() => void) | undefined;
  private generation = 0;
  private failures = 0;
  private socketFailures = 0;
  private streamFailures = 0;
  private wasOpen = false;
  private current: LiveMode = 'connecting';

  constructor(
    private readonly surroundings: Surroundings,
    private readonly listener: LiveListener,
  ) {}

  get mode(): LiveMode {
    return this.current;
  }

  onMode(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  start(): void {
    this.generation++;
    this.wait(undefined);
    this.channel?.close();
    this.channel = undefined;
    if (this.socketFailures < socketTries) this.openSocket();
    else if (this.streamFailures < socketTries && this.topics.size > 0) this.openEvents();
    else this.poll();
  }

  stop(): void {
    this.generation++;
    this.wait(undefined);
    this.channel?.close();
    this.channel = undefined;
  }

  /** Tries again at once: the network came back, or somebody looks at the page again. */
  hurry(): void {
    if (this.current === 'lost') this.start();
  }

  /** Follows a topic until the returned function is called. */
  follow(topic: Topic): () => void {
    const key = topicKey(topic);
    const known = this.topics.get(key);
    if (known) known.count++;
    else {
      this.topics.set(key, { topic, count: 1 });
      this.changed(subscribeMessage(topic, 'subscribe'));
    }
    let followed = true;
    return () => {
      if (!followed) return;
      followed = false;
      const entry = this.topics.get(key);
      if (!entry || --entry.count > 0) return;
      this.topics.delete(key);
      this.changed(subscribeMessage(topic, 'unsubscribe'));
    };
  }

  private changed(message: Record<string, unknown>): void {
    if (this.current === 'socket') this.channel?.send(message);
    // The query of a stream is fixed; changes of one moment are one new stream.
    else if (this.current === 'events') this.wait(this.surroundings.after(50, () => this.start()));
  }

  private openSocket(): void {
    const own = this.generation;
    this.channel = this.surroundings.openSocket({
      opened: () => {
        if (own !== this.generation) return;
        this.socketFailures = 0;
        this.streamFailures = 0;
        this.arrive('socket');
        for (const { topic } of this.topics.values()) this.channel?.send(subscribeMessage(topic, 'subscribe'));
      },
      message: message => own === this.generation && this.listener.message(message),
      closed: () => own === this.generation && this.lose('socket'),
    });
  }

  private openEvents(): void {
    const own = this.generation;
    const query = eventQuery([...this.topics.values()].map(entry => entry.topic));
    this.channel = this.surroundings.openEvents(query, {
      opened: () => {
        if (own !== this.generation) return;
        this.streamFailures = 0;
        this.arrive('events');
        this.wait(this.surroundings.after(betterAfter, () => this.retrySocket()));
      },
      message: message => own === this.generation && this.listener.message(message),
      closed: () => own === this.generation && this.lose('events'),
    });
  }

  private retrySocket(): void {
    this.socketFailures = socketTries - 1;
    this.start();
  }

  private poll(): void {
    const own = this.generation;
    let polls = 0;
    const turn = async () => {
      const answers = await this.surroundings.ask();
      if (own !== this.generation) return;
      if (answers) {
        this.arrive('polling');
        this.listener.missed();
      } else this.set('lost');
      polls++;
      this.wait(
        polls * pollInterval >= betterAfter
          ? this.surroundings.after(pollInterval, () => this.retrySocket())
          : this.surroundings.after(pollInterval, () => void turn()),
      );
    };
    void turn();
  }

  private arrive(mode: LiveMode): void {
    this.failures = 0;
    // A first connection has missed nothing; the pages read what they show when they open.
    if (this.wasOpen && mode !== this.current && mode !== 'polling') this.listener.missed();
    this.wasOpen = true;
    this.set(mode);
  }

  private lose(from: 'socket' | 'events'): void {
    const own = ++this.generation;
    this.channel = undefined;
    void this.surroundings.ask().then(answers => {
      if (own !== this.generation) return;
      // Only a server that answers, and yet opens no socket, is one that needs another way.
      if (answers && from === 'socket') this.socketFailures++;
      if (answers && from === 'events') this.streamFailures++;
      if (!answers) {
        this.socketFailures = 0;
        this.set('lost');
      }
      const delay = Math.min(longestDelay, firstDelay * 2 ** this.failures++);
      this.wait(this.surroundings.after(delay * (0.5 + this.surroundings.random() / 2), () => this.start()));
    });
  }

  private wait(stop: (() => void) | undefined): void {
    this.stopWaiting?.();
    this.stopWaiting = stop;
  }

  private set(mode: LiveMode): void {
    if (this.current === mode) return;
    this.current = mode;
    for (const watcher of this.watchers) watcher();
  }
}
