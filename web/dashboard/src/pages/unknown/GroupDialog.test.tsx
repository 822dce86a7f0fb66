// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import type { Job } from '../../api/types';
import { doing, shown, typing } from '../../testing/shown';
import { GroupDialog } from './GroupDialog';
import type { Group } from './queries';

const face = (task: string, rejected = false) => ({
  task,
  face: 0,
  job_id: 'job',
  item_name: `${task}.jpg`,
  picture_url: `http://localhost/${task}`,
  rejected,
});
const server = vi.hoisted(() => ({ faces: [] as unknown[], sent: [] as unknown[] }));
vi.mock('../../api/client', () => ({
  client: {
    people: { list: async () => ({ data: [], next: null, total: 0 }) },
    request: async (_: string, method: string, { body }: { body?: unknown }) => {
      if (method === 'get') return { data: server.faces, next: null };
      server.sent.push(body);
      return { enrolled: 1, rejected: 1, person: { id: 'ann', name: 'Ann' } };
    },
  },
}));
vi.mock('../../views/faces/useRematch', () => ({ followRematch: async () => undefined }));
vi.mock('@tanstack/react-router', () => ({ Link: 'a' }));

const group: Group = { group: '41-0', faces: 2, photos: 2, rejected: 0, person: null, examples: [] };
const button = (text: string) => [...document.querySelectorAll('button')].find(one => one.textContent?.includes(text));

async function opened(one: Group, onClose = vi.fn()) {
  const on = await shown(<GroupDialog job={{ id: 'job' } as Job} group={one} number={1} mayName onClose={onClose} />);
  await vi.waitFor(async () => {
    await doing(() => undefined);
    expect(document.body.textContent).toContain('a.jpg');
  }, 10_000);
  return on;
}

test('a face that is clicked is left out of the name, and taken in again by another click', async () => {
  server.faces = [face('a'), face('b')];
  const onClose = vi.fn();
  const { remove } = await opened(group, onClose);
  const field = document.querySelector('input')!;

  await doing(() => button('Leave out a.jpg')!.click());
  expect(button('Left out a.jpg')!.getAttribute('aria-pressed')).toBe('true');
  await doing(() => button('Leave out b.jpg')!.click());
  expect(document.body.textContent).toContain('All faces are left out');
  expect(field.disabled).toBe(true);
  await doing(() => button('Left out a.jpg')!.click());
  expect(field.disabled).toBe(false);
  await typing(field, 'Ann');
  await doing(() => button('“Ann”')!.click());

  expect(server.sent).toEqual([{ name: 'Ann', without: [{ task: 'b', face: 0 }] }]);
  expect(onClose).toHaveBeenCalled();
  await remove();
});

test('a face that is not of the person of a named group says so, and nothing is left out there', async () => {
  server.faces = [face('a', true), face('b')];
  const { remove } = await opened({ ...group, person: { id: 'ann', name: 'Ann' }, rejected: 1 });
  expect(document.body.textContent).toContain('not Ann');
  expect(button('Leave out')).toBeUndefined();
  await remove();
});
