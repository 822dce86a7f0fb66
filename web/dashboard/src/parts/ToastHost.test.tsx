// @vitest-environment jsdom
import { StashUnreachableError } from '@stashai/client';
import { expect, test, vi } from 'vitest';
import { doing, shown } from '../testing/shown';
import { ToastHost } from './ToastHost';
import { say } from './toasts';

const server = vi.hoisted(() => ({ loads: 0 }));
vi.mock('../api/client', () => ({ client: { me: () => Promise.reject(new StashUnreachableError('away')) } }));
vi.mock('./ToastView', () => {
  server.loads++;
  throw new Error('Failed to fetch dynamically imported module');
});

test('a notice whose view cannot be loaded breaks nothing, and says that the server is away', async () => {
  const { page } = await shown(<ToastHost />);
  await doing(() => say({ title: 'Saved' }));
  await vi.waitFor(async () => {
    await doing(() => undefined);
    expect(page.textContent).toContain('The server does not answer');
  });
  expect(server.loads).toBeGreaterThan(0);
});
