// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '../../api/types';
import { doing, shown } from '../../testing/shown';
import type { ResultRow } from '../types';
import FacesView from './view';

const page = vi.hoisted(() => ({
  search: {} as Record<string, string>,
  role: 'admin',
  sent: [] as string[],
  keys: {} as Record<string, () => unknown>,
}));
vi.mock('../../app/me', async () => {
  const { roleIncludes } = await import('../../api/roles');
  const me = () => ({ name: 'me', role: page.role, access: 'open', features: [] });
  return { useMe: me, useMay: (role: never) => roleIncludes(page.role as never, role), useFeature: () => true };
});
vi.mock('../../app/useSearchState', async () => {
  const { useState } = await import('react');
  return {
    useSearchState: () => {
      const [search, set] = useState(page.search);
      return [search, (next: Record<string, string>) => set(before => ({ ...before, ...next }))];
    },
  };
});
vi.mock('../../keys/useKeys', () => ({
  useKeys: (map: Record<string, () => unknown>) => {
    page.keys = map;
  },
}));
vi.mock('@tanstack/react-router', () => ({ Link: 'a', useNavigate: () => () => undefined }));

const sam = { id: 'sam', name: 'Sam', confidence: 99, cosine: 0.7 };
const dana = { id: 'dana', name: 'Dana', confidence: 90, cosine: 0.55 };
const box = (x: number) => ({ x, y: 2, width: 30, height: 40 });
const results = vi.hoisted(() => ({ now: {} as Record<string, unknown> }));
vi.mock('../../api/client', () => ({
  client: {
    request: async (path: string, method: string, { path: of }: { path: { id: string } }) => {
      if (path === '/api/jobs/{id}/rematch') return { state: 'none' };
      page.sent.push(`${method} ${of.id}`);
      // The result is judged again before the answer: the next one like it is found.
      results.now = {
        ...results.now,
        data: [
          [
            { performers: [dana], box: box(1) },
            { performers: [sam], box: box(50) },
          ],
        ],
      };
      return { data: [{ id: 'r' }], rematch: { waiting: 0 } };
    },
    tasks: { get: async () => ({ result: results.now }) },
    people: { faces: async () => ({ data: [] }) },
  },
}));

const job = { id: 'job', state: 'completed', owner: null, service: 'visage', tasks: { failed: 0 } } as unknown as Job;
const rowOf = (result: unknown): ResultRow[] => [
  { id: 't', index: 0, state: 'completed', result, item_name: 'a.jpg' } as unknown as ResultRow,
];
const photo = (more: object = {}) => ({
  image_width: 100,
  image_height: 100,
  threshold_cosine: 0.42,
  data: [
    [
      { performers: [sam, dana], box: box(1) },
      { performers: [sam], box: box(50) },
    ],
  ],
  ...more,
});
const view = (result: unknown, isSingle = false) => (
  <FacesView
    job={job}
    view={{ kind: 'faces' }}
    rows={rowOf(result)}
    more={() => undefined}
    hasMore={false}
    isSingle={isSingle}
  />
);
const button = (text: string) =>
  [...document.querySelectorAll('button')].find(one => one.textContent?.startsWith(text));

Element.prototype.scrollIntoView = () => undefined;
Object.assign(globalThis, {
  ResizeObserver: class {
    observe() {}
    disconnect() {}
    unobserve() {}
  },
});

beforeEach(() => {
  document.body.replaceChildren();
  page.search = { face: 't:0' };
  page.role = 'admin';
  page.sent = [];
  results.now = photo();
});

test('a double click that says who somebody is not does not say it of the next name', async () => {
  await shown(view(photo(), true));
  await doing(() => button('Not Sam')!.click());
  await vi.waitFor(async () => {
    await doing(() => undefined);
    expect(document.querySelector('.faces-who')?.textContent).toContain('Dana');
  });
  await doing(() => button('Not ')!.click());
  expect(page.sent).toEqual(['post sam']);
  // Whoever has seen the new name may say that it is wrong too.
  await vi.waitFor(async () => {
    await doing(() => button('Not Dana')!.click());
    expect(page.sent).toEqual(['post sam', 'post dana']);
  }, 5_000);
});

test('a key that is pressed twice acts once, on the face that was shown', async () => {
  await shown(view(photo()));
  await doing(() => page.keys.n!());
  await doing(() => page.keys.n!());
  expect(page.sent).toEqual(['post sam']);
  expect(document.querySelector('[aria-pressed=true]')?.id).toBe('face-t:0');
});

test('a face of somebody who was deleted says why it has no name and what to do', async () => {
  await shown(view(photo({ data: [[{ erased: true, box: box(1) }]] }), true));
  const said = document.querySelector('.faces-selected')!.textContent!;
  expect(said).toContain('person deleted');
  expect(said).toContain('submit the photo again');
  expect(button('Name this face')).toBeUndefined();
});

test('a photo that is cut off says so beside its name', async () => {
  page.search = {};
  await shown(view(photo({ incomplete: true })));
  expect(document.querySelector('.faces-photo')!.textContent).toContain('cut off');
});

test('who may only read is not told of keys that do nothing', async () => {
  page.role = 'read';
  await shown(view(photo()));
  const said = document.querySelector('.faces-keys')!.textContent!;
  expect(said).toContain('j and k');
  expect(said).not.toContain('confirms');
});
