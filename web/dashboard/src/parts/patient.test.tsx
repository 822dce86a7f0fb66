// @vitest-environment jsdom
import { lazy, Suspense } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { doing, shown } from '../testing/shown';
import { patient } from './patient';

beforeEach(() => sessionStorage.clear());

const fault = new TypeError('Failed to fetch dynamically imported module: /assets/page-1.js');
const module = { default: ({ name }: { readonly name: string }) => <h1>Settings of {name}</h1> };

/** A part that is shown for the first time, on a server that one can switch. */
async function opened(server: { answers: boolean; hasFile: boolean }) {
  const reload = vi.fn();
  const around = { answers: async () => server.answers, pause: 0, reload };
  const load = () => (server.answers && server.hasFile ? Promise.resolve(module) : Promise.reject(fault));
  const Part = lazy(patient(load, around));
  const on = await shown(
    <Suspense fallback="…">
      <Part name="Dora" />
    </Suspense>,
  );
  await doing(() => undefined);
  return { ...on, reload };
}

test('a part that is opened while the server is away says so, and comes when the server is back', async () => {
  const server = { answers: false, hasFile: true };
  const { page, reload } = await opened(server);
  expect(page.textContent).toContain('The server does not answer');
  server.answers = true;
  await vi.waitFor(async () => {
    await doing(() => undefined);
    expect(page.textContent).toBe('Settings of Dora');
  });
  expect(reload).not.toHaveBeenCalled();
});

test('a server of a newer version, which has no such file, has the page loaded again, once', async () => {
  const first = await opened({ answers: true, hasFile: false });
  expect(first.reload).toHaveBeenCalledTimes(1);
  const second = await opened({ answers: true, hasFile: false });
  expect(second.reload).not.toHaveBeenCalled();
  expect(second.page.textContent).toContain('could not be shown');
});

test('a part that loads is shown as it is', async () => {
  const { page } = await opened({ answers: true, hasFile: true });
  expect(page.textContent).toBe('Settings of Dora');
});
