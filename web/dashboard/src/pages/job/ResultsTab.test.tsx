// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobDetail } from '../../api/types';
import { doing, shown } from '../../testing/shown';
import ResultsTab from './ResultsTab';

const server = vi.hoisted(() => ({
  rows: [] as { name: string; state: string }[],
  reads: 0,
  next: null as string | null,
}));
vi.mock('../../api/client', () => ({
  client: {
    request: async () => {
      server.reads++;
      return {
        data: server.rows.map(({ name, state }, index) => ({
          id: name,
          index,
          state,
          item_name: name,
          error_message: null,
          result: state === 'completed' ? name : null,
        })),
        next: server.next,
        total: server.rows.length,
        total_is_exact: true,
      };
    },
    services: { list: async () => ({ services: [] }) },
  },
}));
vi.mock('../../app/useSearchState', () => ({ useSearchState: () => [{ view: 'json' }, () => undefined] }));
vi.mock('@tanstack/react-router', () => ({ Link: 'a', useNavigate: () => () => undefined }));
vi.stubGlobal(
  'IntersectionObserver',
  class {
    observe() {}
    disconnect() {}
  },
);

const job = (failed: number, completed: number, state = 'running') =>
  ({
    id: 'job',
    state,
    service: 's',
    operation: 'o',
    tasks: { total: 9, failed, completed, cancelled: 0, running: 1 },
  }) as unknown as JobDetail;
const done = (name: string) => ({ name, state: 'completed' });
const names = () => [...document.querySelectorAll('.views-title')].map(one => one.textContent);
const settled = async (...expected: string[]) =>
  vi.waitFor(async () => {
    await doing(() => undefined);
    expect(names()).toEqual(expected);
  }, 10_000);
const waits = () => document.querySelector('.new-rows')?.textContent;

beforeEach(() => {
  document.body.replaceChildren();
  server.next = null;
});

test('results come by themselves where only a failure is shown, and behind the last of a short list', async () => {
  server.rows = [{ name: 'bad', state: 'failed' }];
  const { show } = await shown(<ResultsTab job={job(1, 0)} />);
  await settled('bad');
  server.rows = [done('b'), { name: 'bad', state: 'failed' }];
  await show(<ResultsTab job={job(1, 1)} />);
  await settled('b', 'bad');
  server.rows = [...server.rows, done('c')];
  await show(<ResultsTab job={job(1, 2)} />);
  await settled('b', 'bad', 'c');
  expect(waits()).toBe('');
});

test('a result that would move those that are shown waits', async () => {
  server.rows = [done('b')];
  const { page, show } = await shown(<ResultsTab job={job(0, 1)} />);
  await settled('b');
  server.rows = [done('a'), done('b'), done('c')];
  await show(<ResultsTab job={job(0, 3)} />);
  await settled('b', 'c');
  expect(waits()).toBe('1 new');
  await doing(() => page.querySelector<HTMLButtonElement>('.new-rows button')!.click());
  await settled('a', 'b', 'c');
});

test('counts that the list does not have yet do not have it read again and again', async () => {
  server.rows = [done('b')];
  const { show } = await shown(<ResultsTab job={job(0, 1)} />);
  await settled('b');
  server.reads = 0;
  await show(<ResultsTab job={job(0, 2)} />);
  for (let turn = 0; turn < 5; turn++) await doing(() => undefined);
  expect(server.reads).toBe(1);
});
