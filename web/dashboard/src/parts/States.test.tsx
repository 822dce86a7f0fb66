// @vitest-environment jsdom
import { StashError, StashUnreachableError } from '@stashai/client';
import { useQuery } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { doing, shown } from '../testing/shown';
import { Shown } from './States';

vi.mock('@tanstack/react-router', () => ({ Link: 'a', useRouterState: () => '/people/1' }));

function Page({ read }: { readonly read: () => Promise<string> }) {
  const query = useQuery({ queryKey: ['one'], queryFn: read });
  return <Shown query={query}>{name => <button type="button">Delete {name}</button>}</Shown>;
}

/** What a page shows that had read a person, and then got this error. */
async function afterReading(error: Error) {
  let answer: () => Promise<string> = async () => 'Dora';
  const { page, queries, remove } = await shown(<Page read={() => answer()} />);
  await doing(() => undefined);
  expect(page.textContent).toBe('Delete Dora');
  answer = () => Promise.reject(error);
  await doing(() => queries.invalidateQueries());
  const text = page.textContent ?? '';
  await remove();
  return text;
}

test.each([401, 403, 404, 410])('what is gone or forbidden (%i) is not shown from memory', async status => {
  const text = await afterReading(new StashError('no person has the id 1', { status }));
  expect(text).not.toContain('Dora');
  expect(text).toContain(status === 401 ? 'could not be loaded' : status === 403 ? 'may not do this' : 'Not found');
});

test.each([429, 500, 503, 507])('after another error (%i) the data stays, with the reason', async status => {
  const text = await afterReading(new StashError('the disk is full', { status }));
  expect(text).toContain('Delete Dora');
  expect(text).toContain('could not be read again');
  expect(text).toContain('the disk is full');
});

test('while nobody answers the data stays; the banner of the page says so', async () => {
  expect(await afterReading(new StashUnreachableError('nobody answers'))).toBe('Delete Dora');
});
