const firstDelay = 200;
const maxDelay = 10_000;

/** The milliseconds before retry number `retry`, from 0: twice as long each time, of which half is chance. */
export function delayOf(retry: number, random: () => number = Math.random): number {
  const most = Math.min(maxDelay, firstDelay * 2 ** Math.min(retry, 20));
  return most / 2 + (most / 2) * random();
}

/** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted before. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Tells time in milliseconds, and waits. Tests have their own. */
export interface Clock {
  now(): number;
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { now: () => Date.now(), wait };

/** A signal that follows another and can be aborted by itself; `AbortSignal.any` is not in Node 18. */
export class LinkedAbort {
  private readonly controller = new AbortController();
  private readonly follow = () => this.controller.abort(this.parent?.reason);

  constructor(private readonly parent: AbortSignal | undefined) {
    if (parent?.aborted) this.follow();
    else parent?.addEventListener('abort', this.follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }

  /** Lets go of the parent, which may live for long. */
  release(): void {
    this.parent?.removeEventListener('abort', this.follow);
  }
}
