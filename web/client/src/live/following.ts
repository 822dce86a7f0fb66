import { StashUnreachableError } from '../http/errors.js';
import type { Sequence } from '../http/types.js';
import { type Clock, delayOf } from '../http/waiting.js';
import { isBreak, LiveUnsupported } from './faults.js';
import type { LiveMonitor, LiveState } from './status.js';

/** A way to get news, until the connection breaks. */
export interface Source<T> {
  state: LiveState;
  open(): AsyncIterable<T>;
}

export interface FollowingOptions {
  clock: Clock;
  monitor: LiveMonitor;
  /** After so many milliseconds without news and without a connection it gives up. */
  patience: number;
  signal: AbortSignal | undefined;
}

/** After so many rounds in which only a later way worked, the first one is not tried again. */
const maxVainRounds = 2;

/**
 * News by the first way that works. When it breaks, all begins again with the first way: it is often a server that starts anew, which at
 * first lets no socket through either.
 */
export async function* keepFollowing<T>(sources: readonly Source<T>[], options: FollowingOptions): Sequence<T> {
  const { clock, monitor, patience, signal } = options;
  const watch = {};
  let failures = 0;
  let vainRounds = 0;
  let lastNews = clock.now();
  try {
    for (;;) {
      const round: { fault?: unknown; isHeard: boolean } = { isHeard: false };
      for (const [index, source] of sources.entries()) {
        if (index === 0 && vainRounds >= maxVainRounds && sources.length > 1) continue;
        delete round.fault;
        for await (const news of guarded(source, round)) {
          if (!round.isHeard) {
            round.isHeard = true;
            vainRounds = index === 0 ? 0 : vainRounds + 1;
            monitor.set(watch, source.state);
          }
          lastNews = clock.now();
          yield news;
        }
        if (round.isHeard || !(round.fault instanceof LiveUnsupported)) break;
      }
      signal?.throwIfAborted();
      // It may have been silent for long, so a break after news is the first sign of trouble.
      if (round.isHeard) lastNews = clock.now();
      const { fault } = round;
      if (clock.now() - lastNews > patience) {
        const reason = fault instanceof Error ? fault.message : 'no way works here.';
        throw new StashUnreachableError(`Nothing was heard for ${patience / 1000} s: ${reason}`, { cause: fault });
      }
      monitor.set(watch, 'waiting');
      failures = round.isHeard ? 0 : failures + 1;
      await clock.wait(delayOf(failures), signal);
    }
  } finally {
    monitor.set(watch, undefined);
  }
}

/** What a source gives until it breaks; the break is noted, and anything else is thrown. */
async function* guarded<T>(source: Source<T>, round: { fault?: unknown }): Sequence<T> {
  try {
    yield* source.open();
  } catch (error) {
    if (!isBreak(error)) throw error;
    round.fault = error;
  }
}
