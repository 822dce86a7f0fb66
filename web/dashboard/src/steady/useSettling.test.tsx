// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { doing, shown } from '../testing/shown';
import { useAct } from './useAct';
import { useSettling } from './useSettling';

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 1 }),
);
afterEach(() => void vi.useRealTimers());

function Button({ act }: { readonly act: () => Promise<void> }) {
  const done = useAct({ mutationFn: act });
  const isBusy = useSettling(done);
  return <button type="button" disabled={isBusy} onClick={() => done.mutate()} />;
}

test('a button rests after the answer for as long as a double click takes, also when the answer comes at once', async () => {
  const act = vi.fn(async () => undefined);
  const { page } = await shown(<Button act={act} />);
  const button = page.querySelector('button')!;
  expect(button.disabled).toBe(false);
  await doing(() => button.click());
  expect(button.disabled).toBe(true);
  await doing(() => button.click());
  expect(act).toHaveBeenCalledTimes(1);
  await doing(() => vi.advanceTimersByTimeAsync(500));
  expect(button.disabled).toBe(false);
  await doing(() => button.click());
  expect(act).toHaveBeenCalledTimes(2);
});

test('a button rests as long as the answer takes', async () => {
  let answer: () => void = () => undefined;
  const { page } = await shown(<Button act={() => new Promise(resolve => (answer = resolve))} />);
  const button = page.querySelector('button')!;
  await doing(() => button.click());
  await doing(() => vi.advanceTimersByTimeAsync(5_000));
  expect(button.disabled).toBe(true);
  await doing(() => answer());
  expect(button.disabled).toBe(true);
});
