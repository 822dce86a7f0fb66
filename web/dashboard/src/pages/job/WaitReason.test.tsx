// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../../api/client';
import type { JobDetail } from '../../api/types';
import { doing, shown } from '../../testing/shown';
import { WaitReason } from './WaitReason';

const may = vi.hoisted(() => ({ operate: true }));
vi.mock('../../app/me', () => ({ useMay: () => may.operate }));

type Waiting = NonNullable<JobDetail['waiting']>;

const pause = (cause: Waiting['cause']) => ({ cause, service: 'echo', error_message: 'It is paused.' }) as Waiting;

afterEach(() => vi.restoreAllMocks());

test.each([
  ['queue_paused', 'Resume everything'],
  ['service_paused', 'Resume echo'],
] as const)('who may operate ends %s from the job', async (cause, name) => {
  may.operate = true;
  const resume = vi.spyOn(client.services, 'resume').mockResolvedValue({} as never);
  const resumeAll = vi.spyOn(client.services, 'resumeAll').mockResolvedValue({} as never);
  const { page, remove } = await shown(<WaitReason waiting={pause(cause)} />);

  const button = page.querySelector('button')!;
  expect(button.textContent).toBe(name);
  await doing(() => button.click());

  expect(resumeAll.mock.calls).toHaveLength(cause === 'queue_paused' ? 1 : 0);
  expect(resume.mock.calls.map(([service]) => service)).toEqual(cause === 'queue_paused' ? [] : ['echo']);
  await remove();
});

test.each([
  ['2026-01-01T00:00:29Z', ['Try now']],
  [null, []],
])('a service that is asked again at %s is asked now', async (next_try_at, names) => {
  may.operate = true;
  const resume = vi.spyOn(client.services, 'resume').mockResolvedValue({} as never);
  const waiting = { ...pause('error'), error_kind: 'connection', next_try_at } as Waiting;
  const { page, remove } = await shown(<WaitReason waiting={waiting} />);
  const buttons = [...page.querySelectorAll('button')];
  expect(buttons.map(one => one.textContent)).toEqual(names);
  for (const button of buttons) await doing(() => button.click());
  expect(resume.mock.calls.map(([service]) => service)).toEqual(names.map(() => 'echo'));
  await remove();
});

test.each([
  ['queue_paused', false],
  ['job_paused', true],
  ['allowed_hours', true],
] as const)('nothing is offered for %s (may operate: %s)', async (cause, operate) => {
  may.operate = operate;
  const { page, remove } = await shown(<WaitReason waiting={pause(cause)} />);
  expect(page.querySelector('button')).toBeNull();
  expect(page.textContent).toContain('It is paused');
  await remove();
});
