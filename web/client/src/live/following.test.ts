import { expect, test } from 'vitest';
import { StashNotAllowedError, StashUnavailableError, StashUnreachableError } from '../http/errors.js';
import { collect, failureOf, QuickClock } from '../testing/scripted.js';
import { LiveUnsupported } from './faults.js';
import { keepFollowing, type Source } from './following.js';
import { LiveMonitor, type LiveState } from './status.js';

const gone = () => new StashUnreachableError('gone');
const unsupported = () => new LiveUnsupported('blocked');

/** Sources that give what a script says, round by round; `end` stops the test. */
function follow(
  script: Partial<Record<LiveState, (readonly (string | Error)[])[]>>,
  signal?: AbortSignal,
  patience = 600_000,
) {
  const clock = new QuickClock();
  const monitor = new LiveMonitor(() => clock.now());
  const opened: LiveState[] = [];
  const states: LiveState[] = [];
  monitor.onChange(status => states.push(status.state));
  const sources = (['socket', 'events', 'polling'] as const).map(
    (state): Source<string> => ({
      state,
      async *open() {
        opened.push(state);
        const rounds = script[state] ?? [];
        for (const one of (rounds.length > 1 ? rounds.shift() : rounds[0]) ?? []) {
          if (one instanceof Error) throw one;
          yield one;
        }
      },
    }),
  );
  const news = (async function* () {
    for await (const one of keepFollowing(sources, { clock, monitor, patience, signal })) {
      if (one === 'end') return;
      yield one;
    }
  })();
  return { news, opened, states, clock, monitor };
}

test('a break goes on with the same way', async () => {
  const { news, opened, states } = follow({ socket: [['a', gone()], ['b', gone()], [gone()], ['c', 'end']] });
  expect(await collect(news)).toEqual(['a', 'b', 'c']);
  expect(new Set(opened)).toEqual(new Set(['socket']));
  expect(states).toEqual(['socket', 'waiting', 'socket', 'waiting', 'socket', 'idle']);
});

test('a way that is blocked gives way to the next', async () => {
  const { news, opened } = follow({ socket: [[unsupported()]], events: [[unsupported()]], polling: [['a', 'end']] });
  expect(await collect(news)).toEqual(['a']);
  expect(opened).toEqual(['socket', 'events', 'polling']);
});

test('a socket that did not open while the server started is tried again', async () => {
  const { news, opened } = follow({ socket: [['a', gone()], [unsupported()], ['c', 'end']], events: [['b', gone()]] });
  expect(await collect(news)).toEqual(['a', 'b', 'c']);
  expect(opened).toEqual(['socket', 'socket', 'events', 'socket']);
});

test('a server that is down is no reason to poll', async () => {
  const { news, opened } = follow({ socket: [[unsupported()], ['a', 'end']], events: [[gone()]] });
  expect(await collect(news)).toEqual(['a']);
  expect(opened).not.toContain('polling');
});

test('a socket that is blocked for good is not tried for ever', async () => {
  const { news, opened } = follow({
    socket: [[unsupported()]],
    events: [
      ['a', gone()],
      ['b', gone()],
      ['c', gone()],
      ['d', 'end'],
    ],
  });
  expect(await collect(news)).toEqual(['a', 'b', 'c', 'd']);
  expect(opened.filter(state => state === 'socket').length).toBe(2);
});

test('delays grow while nothing comes', async () => {
  const down = Array.from({ length: 8 }, () => [new StashUnavailableError('busy')]);
  const { news, clock } = follow({ socket: [['a', gone()], ...down, ['b', 'end']] });
  await collect(news);
  expect(clock.waits.length).toBe(9);
  expect(clock.waits[8]).toBeGreaterThan(4999);
  expect(clock.waits[0]).toBeLessThan(200);
});

test('patience ends it', async () => {
  const { news, monitor } = follow({ socket: [['a', gone()], [gone()]] }, undefined, 60_000);
  expect(String(await failureOf(collect(news)))).toBe('StashUnreachableError: Nothing was heard for 60 s: gone');
  expect(monitor.status.state).toBe('idle');
});

test('what the caller must know is thrown', async () => {
  const error = new StashNotAllowedError('revoked');
  expect(await failureOf(collect(follow({ socket: [['a', error]] }).news))).toBe(error);
});

test('an abort ends it with its reason', async () => {
  const abort = new AbortController();
  const { news } = follow({ socket: [['a', gone()]] }, abort.signal);
  await news.next();
  abort.abort('left');
  expect(await failureOf(news.next())).toBe('left');
});

test('the monitor shows the worst of all that is followed', () => {
  const monitor = new LiveMonitor(() => 5);
  const seen: LiveState[] = [];
  const stop = monitor.onChange(status => seen.push(status.state));
  const [one, other] = [{}, {}];
  monitor.set(one, 'socket');
  monitor.set(other, 'polling');
  monitor.set(one, 'waiting');
  monitor.set(one, undefined);
  stop();
  monitor.set(other, undefined);
  expect(seen).toEqual(['socket', 'polling', 'waiting', 'polling']);
  expect(monitor.status).toEqual({ state: 'idle', since: 5 });
});
