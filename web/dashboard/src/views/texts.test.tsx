// @vitest-environment jsdom
import { type ReactNode, Suspense } from 'react';
import { expect, test, vi } from 'vitest';
import type { Column } from '../parts';
import { doing, shown } from '../testing/shown';
import { viewOf } from './registry';
import type { ResultRow, ResultViewProps } from './types';
// Here before a test looks for what they show.
import './chat/view';
import './embedding/view';
import './json/view';
import './ocr/view';
import './table/view';
import './transcript/view';
import './translation/view';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: ReactNode }) => <a href="/">{children}</a>,
  useNavigate: () => () => undefined,
}));
vi.stubGlobal(
  'IntersectionObserver',
  class {
    observe() {}
    disconnect() {}
  },
);
// In a page without a size no row of a table is in sight.
vi.mock('../parts', async original => ({
  ...(await original<typeof import('../parts')>()),
  DataTable: ({ rows, columns }: { rows: readonly ResultRow[]; columns: readonly Column<ResultRow>[] }) =>
    rows.map(row => <p key={row.id}>{columns[0]!.cell(row)}</p>),
}));

/** A page of results as the server sends it: the text is there without another request. */
const rows = [
  { id: 'a', index: 0, state: 'completed', error_message: null, result: { text: 'x' }, item_text: 'The house is red.' },
  { id: 'b', index: 1, state: 'failed', error_message: 'no', result: null, item_text: 'The door is not.' },
] as unknown as readonly ResultRow[];

test.each(['table', 'json', 'transcript', 'translation', 'chat', 'ocr', 'embedding'])(
  'results in the view %s are called by the texts that come with them',
  async kind => {
    const View = viewOf(kind);
    const props = { job: { id: 'job' }, view: { kind, text: '/text' }, rows, more: () => undefined, hasMore: false };
    const { page, remove } = await shown(
      <Suspense>
        <View {...(props as unknown as ResultViewProps)} />
      </Suspense>,
    );
    await doing(() => undefined);
    const names = [...page.querySelectorAll('a')].map(one => one.textContent);
    expect(names).toEqual(['The house is red.', 'The door is not.']);
    await remove();
  },
);
