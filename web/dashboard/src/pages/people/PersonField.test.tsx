// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { doing, shown, typing } from '../../testing/shown';
import { PersonField } from './PersonField';

const asked = vi.hoisted(() => new Map<string, (people: { id: string; name: string }[]) => void>());
vi.mock('../../api/client', () => ({
  client: {
    people: {
      list: ({ name = '' }) =>
        new Promise(resolve => asked.set(name, data => resolve({ data, next: null, total: data.length }))),
    },
  },
}));
vi.mock('@tanstack/react-router', () => ({ Link: 'a' }));

test('Enter while a name is looked up chooses who is found', async () => {
  const onChoose = vi.fn();
  const { page } = await shown(<PersonField label="Who?" onChoose={onChoose} />);
  const field = page.querySelector('input')!;
  await doing(() => asked.get('')?.([{ id: '1', name: 'Anna' }]));
  await typing(field, 'dora');
  await doing(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
  expect(onChoose).not.toHaveBeenCalled();
  await doing(() => asked.get('dora')?.([{ id: '2', name: 'Dora' }]));
  expect(onChoose.mock.calls).toEqual([[{ id: '2', name: 'Dora' }]]);
});
