// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import { doing, shown } from '../../testing/shown';
import { DeclarationForm } from './DeclarationForm';

test('a text that is refused stays, with the reason', async () => {
  const change = vi
    .spyOn(client.services, 'changeDeclaration')
    .mockRejectedValue(new Error('text: line 3, column 1: no'));
  const onClose = vi.fn();
  const file = { name: 'said', text: 'name: said\n' } as Schemas['Declaration'];
  const { page, show, remove } = await shown(<DeclarationForm file={file} onClose={onClose} />);
  const area = page.querySelector('textarea')!;
  const save = [...page.querySelectorAll('button')].find(one => one.textContent === 'Save')!;
  expect(save.disabled).toBe(true);
  expect(document.activeElement).toBe(area);
  expect(page.querySelector('[role=status]')).toBeNull();

  await doing(() => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(area, 'name: said\nx\n');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await show(<DeclarationForm file={{ ...file, text: 'name: said\nby: else\n' }} onClose={onClose} />);
  expect(page.querySelector('[role=status]')?.textContent).toContain('Somebody else');
  expect(area.value).toBe('name: said\nx\n');
  await doing(() => save.click());

  expect(change.mock.calls).toEqual([['said', 'name: said\nx\n']]);
  expect(page.querySelector('[role=alert]')?.textContent).toContain('line 3');
  expect(area.value).toBe('name: said\nx\n');
  expect(onClose).not.toHaveBeenCalled();
  await remove();
});
