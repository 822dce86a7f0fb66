/** Holds what came until it is read. One reader at a time. */
export class Inbox<T> {
  private readonly items: T[] = [];
  private fault: { reason: unknown } | undefined;
  private wake: (() => void) | undefined;

  push(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  /** Ends it: what came before can still be read, then reading fails. The first reason counts. */
  fail(reason: unknown): void {
    this.fault ??= { reason };
    this.wake?.();
  }

  /** The next item, as soon as it is there. */
  async next(signal?: AbortSignal): Promise<T> {
    const stop = () => this.wake?.();
    signal?.addEventListener('abort', stop);
    try {
      for (;;) {
        signal?.throwIfAborted();
        if (this.items.length > 0) return this.items.shift() as T;
        if (this.fault !== undefined) throw this.fault.reason;
        await new Promise<void>(resolve => {
          this.wake = resolve;
        });
      }
    } finally {
      this.wake = undefined;
      signal?.removeEventListener('abort', stop);
    }
  }
}
