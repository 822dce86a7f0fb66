// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { shown } from '../../testing/shown';
import type { ResultRow, ResultViewProps } from '../types';
import TableView from './view';

vi.mock('@tanstack/react-router', () => ({ Link: 'a', useNavigate: () => () => undefined }));

class NoSize {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', NoSize);

const row = (part: Partial<ResultRow>) =>
  ({ id: 'a', index: 0, state: 'completed', error_message: null, result: null, ...part }) as ResultRow;

async function headings(rows: readonly ResultRow[]) {
  const props = { job: {}, view: { kind: 'table' }, rows, more: () => undefined, hasMore: false };
  const { page, remove } = await shown(<TableView {...(props as unknown as ResultViewProps)} />);
  const found = [...page.querySelectorAll('[role=columnheader]')].map(one => one.textContent);
  await remove();
  return found;
}

test('a table of failures alone has their reasons', async () => {
  const failed = row({ state: 'failed', error_message: 'no such file' });
  expect(await headings([failed])).toEqual(['Item', 'State', 'Reason']);
  expect(await headings([failed, row({ id: 'b', result: { text: 'x' } })])).toEqual(['Item', 'State', 'text']);
});
