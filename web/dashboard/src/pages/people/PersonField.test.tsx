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

const press = (field: HTMLElement, key: string) =>
  doing(() => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
const names = (page: HTMLElement) => [...page.querySelectorAll('[role=option]')].map(one => one.textContent);
const selected = (page: HTMLElement) => page.querySelector('[aria-selected=true]')?.textContent;

test('nobody is chosen before something is typed or an arrow went to somebody', async () => {
  const onChoose = vi.fn();
  const { page } = await shown(<PersonField label="Who?" onChoose={onChoose} />);
  const field = page.querySelector('input')!;
  await press(field, 'Enter');
  await doing(() =>
    asked.get('')?.([
      { id: '1', name: 'Alex' },
      { id: '2', name: 'Bob' },
    ]),
  );
  expect(names(page)).toEqual(['Alex', 'Bob']);
  expect(selected(page)).toBeUndefined();
  expect(field.hasAttribute('aria-activedescendant')).toBe(false);
  await press(field, 'Enter');
  await typing(field, ' ');
  await press(field, 'Enter');
  expect(onChoose).not.toHaveBeenCalled();
  await press(field, 'ArrowDown');
  await press(field, 'ArrowDown');
  await press(field, 'Enter');
  expect(onChoose.mock.calls).toEqual([[{ id: '2', name: 'Bob' }]]);
});

test('whom an arrow went to stays chosen when the list changes, and nobody is when they leave it', async () => {
  const onChoose = vi.fn();
  const { page, queries } = await shown(<PersonField label="Who?" onChoose={onChoose} />);
  const field = page.querySelector('input')!;
  await doing(() => asked.get('')?.([{ id: '2', name: 'Bob' }]));
  await press(field, 'ArrowDown');
  const again = async (...people: { id: string; name: string }[]) => {
    await doing(() => void queries.invalidateQueries());
    await doing(() => asked.get('')?.(people));
  };
  await again({ id: '1', name: 'Alex' }, { id: '2', name: 'Bob' });
  expect(selected(page)).toBe('Bob');
  await again({ id: '1', name: 'Alex' });
  await press(field, 'Enter');
  expect(onChoose).not.toHaveBeenCalled();
});

test('those who are like the face are offered first', async () => {
  const like = [
    { id: '9', name: 'Zoe' },
    { id: '2', name: 'Bob' },
  ];
  const { page } = await shown(<PersonField label="Who?" like={like} onChoose={vi.fn()} />);
  await doing(() =>
    asked.get('')?.([
      { id: '1', name: 'Alex' },
      { id: '2', name: 'Bob' },
    ]),
  );
  expect(names(page)).toEqual(['Zoe', 'Bob', 'Alex']);
});
