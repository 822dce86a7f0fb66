/** How news comes: by socket, event stream or polling; `waiting` while the connection is broken, `idle` while nothing is followed. */
export type LiveState = 'idle' | 'socket' | 'events' | 'polling' | 'waiting';

export interface LiveStatus {
  state: LiveState;
  /** When it became so, in milliseconds since 1970. */
  since: number;
}

const order: readonly LiveState[] = ['waiting', 'polling', 'events', 'socket'];

/** Knows how all that is followed gets its news. */
export class LiveMonitor {
  private readonly states = new Map<object, LiveState>();
  private readonly listeners = new Set<(status: LiveStatus) => void>();
  private current: LiveStatus;

  constructor(private readonly now: () => number) {
    this.current = { state: 'idle', since: now() };
  }

  /** The worst state of all that is followed. */
  get status(): LiveStatus {
    return this.current;
  }

  /** Tells a listener of each change; the answer stops that. */
  onChange(listener: (status: LiveStatus) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  set(watch: object, state: LiveState | undefined): void {
    if (state === undefined) this.states.delete(watch);
    else this.states.set(watch, state);
    const all = new Set(this.states.values());
    const worst = order.find(one => all.has(one)) ?? 'idle';
    if (worst === this.current.state) return;
    this.current = { state: worst, since: this.now() };
    for (const listener of [...this.listeners]) listener(this.current);
  }
}
