// @vitest-environment jsdom
import { QueryClient, useQuery } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { useHeldRows } from '../parts/useHeldRows';
import { doing, shown } from '../testing/shown';
import { useSteady } from './useSteady';

interface Row {
  readonly id: string;
}

const list = (ids: string): readonly Row[] => [...ids].map(id => ({ id }));

interface ListProps {
  readonly read: () => Promise<readonly Row[]>;
}

function useList(read: ListProps['read']) {
  return useQuery({ queryKey: ['list'], queryFn: () => read(), staleTime: 0 });
}

function Steady({ read }: ListProps) {
  const query = useList(read);
  const { rows, waiting } = useSteady('', query.data, !query.isFetchedAfterMount);
  return <p>{`${rows.map(row => row.id).join('')} ${waiting}`}</p>;
}

function Held({ read }: ListProps) {
  const query = useList(read);
  const { rows, waiting } = useHeldRows(query.data ?? [], row => row.id, !query.isFetchedAfterMount);
  return <p>{`${rows.map(row => row.id).join('')} ${waiting}`}</p>;
}

test.each([
  ['rows in their places', Steady],
  ['rows below new ones', Held],
])('%s: a list that is opened shows what there is now, and then holds back what comes', async (_, List) => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  queries.setQueryData(['list'], list('ba'), { updatedAt: Date.now() - 60_000 });
  let answer!: (rows: readonly Row[]) => void;
  const read = () =>
    new Promise<readonly Row[]>(resolve => {
      answer = resolve;
    });
  const { page } = await shown(<List read={read} />, queries);
  expect(page.textContent).toBe('ba 0');
  await doing(() => answer(list('cba')));
  expect(page.textContent).toBe('cba 0');
  await doing(() => queries.setQueryData(['list'], list('dcba')));
  expect(page.textContent).toBe('cba 1');
});
