// @vitest-environment jsdom
import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { shown, typing } from '../testing/shown';
import { ConfirmDialog } from './ConfirmDialog';
// Here before a test looks for what it shows.
import './DialogBox';

async function fieldOf(): Promise<HTMLInputElement> {
  return await vi.waitFor(async () => {
    await act(async () => undefined);
    const found = document.querySelector('input');
    if (!found) throw new Error('The dialog has not come.');
    return found;
  });
}

const buttonOf = (name: string) => [...document.querySelectorAll('button')].find(one => one.textContent === name)!;

test('what much depends on is confirmed by its name', async () => {
  const onConfirm = vi.fn();
  const { remove } = await shown(
    <ConfirmDialog
      open
      onClose={() => undefined}
      title=""
      consequence=""
      act="Revoke"
      typedName="me"
      onConfirm={onConfirm}
    />,
  );
  const field = await fieldOf();
  const button = buttonOf('Revoke');
  for (const [text, isDisabled] of [
    ['', true],
    ['m', true],
    ['ME', true],
    [' me', false],
  ] as const) {
    await typing(field, text);
    expect(button.disabled).toBe(isDisabled);
  }
  await remove();
});

test('the number is asked for as the text writes it, and read with its marks', async () => {
  const onConfirm = vi.fn();
  await shown(
    <ConfirmDialog
      open
      onClose={() => undefined}
      title=""
      consequence=""
      act="Delete"
      count={5000}
      onConfirm={onConfirm}
    />,
  );
  const field = await fieldOf();
  const button = buttonOf('Delete');
  expect(document.querySelector('label')?.textContent).toBe('Type 5,000 to confirm');
  await typing(field, '500');
  expect(button.disabled).toBe(true);
  for (const text of ['5,000', '5000', '5.000', '5 000']) {
    await typing(field, '');
    await typing(field, text);
    expect(button.disabled).toBe(false);
  }
});
