// @vitest-environment jsdom
import type { ReactNode } from 'react';
import { expect, test, vi } from 'vitest';
import { shown } from '../testing/shown';
import { ResultCard } from './ResultCard';
import type { ResultRow } from './types';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: ReactNode }) => <a href="/">{children}</a>,
}));

const row = (more: object) => ({ id: 'a', index: 0, state: 'completed', result: 'x', ...more }) as unknown as ResultRow;

test.each([
  ['a text', {}, 'The house\nis red.', 'The house is red.'],
  ['a text with a name of its own', { item_name: 'one.txt' }, 'The house is red.', 'one.txt'],
  ['JSON', {}, '{"q":"The house is red."}', '#1'],
  ['a list', {}, '[1]', '#1'],
  ['nothing that was read', {}, undefined, '#1'],
  ['a text without a result', { state: 'failed', result: null }, 'bad one', 'bad one'],
])('the card of %s is called by it', async (_, more, text, expected) => {
  const { page, remove } = await shown(
    <ResultCard row={row(more)} text={text}>
      content
    </ResultCard>,
  );
  expect(page.querySelector('a')?.textContent).toBe(expected);
  await remove();
});
