import { expect, test } from 'vitest';
import { failureOf } from '../testing/scripted.js';
import { delayOf, LinkedAbort, wait } from './waiting.js';

test('a delay doubles up to ten seconds, and half of it is chance', () => {
  for (let retry = 0; retry < 2000; retry++) {
    const most = Math.min(10_000, 200 * 2 ** retry);
    expect(delayOf(retry, () => 0)).toBe(most / 2);
    expect(delayOf(retry, () => 0.999999)).toBeLessThan(most);
    expect(delayOf(retry)).toBeGreaterThanOrEqual(most / 2);
  }
});

test('an abort ends a wait at once', async () => {
  const abort = new AbortController();
  const waiting = failureOf(wait(1_000_000, abort.signal));
  abort.abort('enough');
  expect(await waiting).toBe('enough');
  expect(await failureOf(wait(1, abort.signal))).toBe('enough');
});

test('a linked signal follows its parent until it is released', () => {
  const parent = new AbortController();
  const [one, other] = [new LinkedAbort(parent.signal), new LinkedAbort(parent.signal)];
  other.release();
  parent.abort('gone');
  expect([one.signal.reason, other.signal.aborted]).toEqual(['gone', false]);
  expect(new LinkedAbort(parent.signal).signal.reason).toBe('gone');
});
