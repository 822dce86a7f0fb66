import { expect, test } from 'vitest';
import type { Health, Lane, Service, WaitReason } from '../../api/types';
import { concernsOf } from './concerns';

const waiting: WaitReason = {
  cause: 'error',
  service: 'echo',
  address: 'http://127.0.0.1:1',
  error_kind: 'connection',
  error_message: 'Connection refused',
  http_status: null,
  since: '2030-01-01T00:00:00Z',
  next_try_at: '2030-01-01T00:00:09Z',
  resume: null,
  resume_scope: null,
};
const lane = (more: Partial<Lane> = {}): Lane => ({
  authority: 'a',
  address: 'http://a',
  running: 0,
  circuit: 'closed',
  asked_again_at: null,
  blocked_until: null,
  waiting: null,
  ...more,
});
const service = (more: Partial<Service> = {}) =>
  ({ name: 'chat', paused: false, running: 0, waiting: 5, lanes: [lane()], ...more }) as Service;
const nothing = { services: undefined, health: undefined, nodes: undefined, failedJobs: 0, after: '' };
const services = (...list: Service[]) => ({ services: list, everything_paused: false });

test('nothing is known yet, or everything is well', () => {
  expect(concernsOf(nothing)).toEqual([]);
  expect(concernsOf({ ...nothing, services: services(service()), nodes: 1 })).toEqual([]);
});

test('a service that does not answer is one concern, also while it is asked again', () => {
  for (const circuit of ['open', 'half_open'] as const) {
    const concerns = concernsOf({
      ...nothing,
      services: services(service({ lanes: [lane(), lane({ circuit, waiting })] })),
    });
    expect(concerns).toEqual([
      {
        kind: 'serviceDown',
        service: 'chat',
        reason: 'Connection refused',
        since: waiting.since,
        again: waiting.next_try_at,
        isPaused: false,
      },
    ]);
  }
});

test('a service that is down and paused is not asked by the way', () => {
  const lanes = [lane({ circuit: 'open', waiting })];
  for (const [paused, everything_paused] of [
    [true, false],
    [false, true],
  ] as const) {
    const list = { services: [service({ paused, lanes })], everything_paused };
    const down = concernsOf({ ...nothing, services: list }).find(one => one.kind === 'serviceDown');
    expect(down).toMatchObject({ isPaused: true });
  }
});

test('a paused service matters while something waits for it, unless everything is paused', () => {
  const paused = service({ paused: true });
  expect(concernsOf({ ...nothing, services: services(paused) })).toEqual([
    { kind: 'servicePaused', service: 'chat', waiting: 5, until: null },
  ]);
  expect(concernsOf({ ...nothing, services: services(service({ paused: true, waiting: 0 })) })).toEqual([]);
  const everything_paused_until = '2026-01-02T07:00:00Z';
  const all = { services: [paused], everything_paused: true, everything_paused_until };
  expect(concernsOf({ ...nothing, services: all })).toEqual([
    { kind: 'everythingPaused', until: everything_paused_until },
  ]);
});

test('what keeps all work from going on comes first, failed jobs last', () => {
  const health = {
    checks: [
      { name: 'visage', status: 'degraded', detail: 'starting' },
      { name: 'lease', status: 'healthy' },
    ],
  } as unknown as Health;
  const kinds = concernsOf({
    services: services(service({ paused: true })),
    health,
    nodes: 0,
    failedJobs: 2,
    after: 'x',
  }).map(one => one.kind);
  expect(kinds).toEqual(['noNodes', 'check', 'servicePaused', 'failedJobs']);
});
