// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { queryClient } from '../../api/queries';
import { doing, shown } from '../../testing/shown';
import type { Person } from '../people/queries';
import { Rejections } from './Rejections';

const server = vi.hoisted(() => ({ ids: ['1', '2', '3'], taken: [] as string[] }));
vi.mock('../../app/me', () => ({ useMay: () => true }));
vi.mock('@tanstack/react-router', () => ({ Link: 'a' }));
vi.mock('../../api/client', () => ({
  client: {
    request: async (_: string, method: string, { path }: { path: { rejection?: string } }) => {
      if (method === 'get')
        return {
          data: server.ids.map(id => ({ id, task: null, picture: null, created_at: '2026-11-30T12:00:00Z' })),
          next: null,
        };
      server.taken.push(path.rejection!);
      server.ids = server.ids.filter(id => id !== path.rejection);
      return undefined;
    },
  },
}));

test('a double click takes back one rejection, and not the one that comes to its place', async () => {
  const { page } = await shown(<Rejections person={{ id: 'ann' } as Person} />, queryClient);
  const buttons = () => [...page.querySelectorAll('button')];
  await vi.waitFor(async () => {
    await doing(() => undefined);
    expect(buttons()).toHaveLength(3);
  }, 10_000);
  await doing(() => buttons()[0]!.click());
  await vi.waitFor(async () => {
    await doing(() => undefined);
    expect(buttons()).toHaveLength(2);
  });
  await doing(() => buttons()[0]!.click());
  expect(server.taken).toEqual(['1']);
});
