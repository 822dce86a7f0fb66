// @vitest-environment jsdom
import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { doing, shown, typing } from '../testing/shown';
import PauseDialog from './PauseDialog';
import { endOf } from './pauseEnds';
// Here before a test looks for what it shows.
import './DialogBox';

const radios = () => [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')];
const buttonOf = (name: string) => [...document.querySelectorAll('button')].find(one => one.textContent === name)!;

async function opened(until?: string) {
  const onPause = vi.fn();
  const { remove } = await shown(
    <PauseDialog title="" act="Pause everything" until={until} onPause={onPause} onClose={() => undefined} />,
  );
  await vi.waitFor(async () => {
    await act(async () => undefined);
    if (radios().length === 0) throw new Error('The dialog has not come.');
  });
  return { onPause, remove };
}

test.each([
  ['until somebody resumes', 0, undefined],
  ['for an hour', 1, endOf('hour', '', Date.now())],
  ['until the morning', 2, endOf('morning', '', Date.now())],
])('a pause lasts %s', async (_, at, expected) => {
  const { onPause, remove } = await opened();
  await doing(() => radios()[at]!.click());
  await doing(() => buttonOf('Pause everything').click());

  const { until } = onPause.mock.calls[0]![0] as { until?: string };
  if (expected === undefined) expect(until).toBeUndefined();
  // The test may run over the end of a second.
  else expect(Math.abs(Date.parse(until!) - expected)).toBeLessThan(60_000);
  await remove();
});

test('the end of a pause is changed to a time of the future', async () => {
  const { onPause, remove } = await opened('2099-01-31T07:00:00Z');
  expect(radios().map(one => one.checked)).toEqual([false, false, false, true]);
  const field = document.querySelector<HTMLInputElement>('input[type=datetime-local]')!;
  await typing(field, '2020-01-01T07:00');
  expect(buttonOf('Pause everything').disabled).toBe(true);
  expect(document.querySelector('[role=alert]')).not.toBeNull();
  await typing(field, '');
  expect(buttonOf('Pause everything').disabled).toBe(true);
  expect(document.querySelector('[role=alert]')).toBeNull();
  await typing(field, '2098-01-01T07:00');
  await doing(() => buttonOf('Pause everything').click());
  expect(Date.parse((onPause.mock.calls[0]![0] as { until: string }).until)).toBe(Date.parse('2098-01-01T07:00'));
  await remove();
});
