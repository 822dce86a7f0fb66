import { expect, test } from 'vitest';
import { Following } from './following';
import type { Topic } from './topics';

const services: Topic = { kind: 'services' };

function start(watch: (topic: Topic, signal: AbortSignal, call: number) => Promise<void>) {
  let calls = 0;
  const waits: number[] = [];
  const following = new Following({
    watch: (topic, signal) => watch(topic, signal, ++calls),
    wait: milliseconds => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  });
  return { following, waits };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));

test('a topic is followed once for all who want it, until the last leaves', async () => {
  const seen: AbortSignal[] = [];
  const { following } = start((_, signal) => {
    seen.push(signal);
    return untilAborted(signal);
  });
  const first = following.follow(services);
  const second = following.follow({ kind: 'services' });
  first();
  first();
  expect(seen.map(signal => signal.aborted)).toEqual([false]);
  second();
  expect(seen.map(signal => signal.aborted)).toEqual([true]);
});

test('what ends or is refused is followed again after a pause', async () => {
  let begin = () => {};
  const third = new Promise<void>(resolve => {
    begin = resolve;
  });
  const { following, waits } = start((_, signal, call) => {
    if (call === 1) return Promise.reject(new Error('refused'));
    if (call === 2) return Promise.resolve();
    begin();
    return untilAborted(signal);
  });
  const leave = following.follow(services);
  await third;
  expect(waits).toEqual([5000, 5000]);
  leave();
});
