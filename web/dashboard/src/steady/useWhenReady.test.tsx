// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { doing, shown } from '../testing/shown';
import { useWhenReady } from './useWhenReady';

const act = vi.fn<(answer: string) => void>();

function Field({
  isReady,
  text,
  answer,
}: {
  readonly isReady: boolean;
  readonly text: string;
  readonly answer: string;
}) {
  const press = useWhenReady(isReady, text, () => act(answer));
  return <button type="button" onClick={press} />;
}

async function pressed(isReady: boolean) {
  act.mockClear();
  const on = await shown(<Field isReady={isReady} text="Do" answer="old" />);
  await doing(() => on.page.querySelector('button')!.click());
  return on;
}

test('what is ready is acted on at once, and once', async () => {
  const { show } = await pressed(true);
  await show(<Field isReady={false} text="Do" answer="old" />);
  await show(<Field isReady text="Do" answer="new" />);
  expect(act.mock.calls).toEqual([['old']]);
});

test('a key during a read acts on its answer, once', async () => {
  const { show } = await pressed(false);
  expect(act).not.toHaveBeenCalled();
  await show(<Field isReady text="Do" answer="Dora" />);
  await show(<Field isReady text="Do" answer="Dora" />);
  expect(act.mock.calls).toEqual([['Dora']]);
});

test('whoever goes on typing has not asked for what comes then', async () => {
  const { show } = await pressed(false);
  await show(<Field isReady={false} text="Don" answer="old" />);
  await show(<Field isReady text="Don" answer="Don" />);
  await show(<Field isReady text="Do" answer="Dora" />);
  expect(act).not.toHaveBeenCalled();
});
