import { expect, test, vi } from 'vitest';
import { queries, queryClient } from '../../api/queries';
import type { Schemas, Service } from '../../api/types';
import { filtersOf, lookInAllJobs, lookKey, lookOf } from './look';

const server = vi.hoisted(() => ({ started: [] as unknown[], reads: 0 }));
vi.mock('../../api/client', () => ({
  client: {
    bulk: {
      start: async (asked: unknown) => {
        server.started.push(asked);
        return { id: 'b', state: 'running', done: 0, matched: 2, failed: 0, error: null };
      },
      get: async () => {
        server.reads++;
        return {
          id: 'b',
          state: server.reads < 2 ? 'running' : 'completed',
          done: server.reads,
          matched: 2,
          failed: 0,
          error: null,
        };
      },
    },
  },
}));

const services = [
  {
    name: 'visage',
    view: { kind: 'faces' },
    operations: [
      { name: 'identify', view: { kind: 'faces' } },
      { name: 'video', view: { kind: 'video' } },
      { name: 'compare', view: { kind: 'comparison' } },
      { name: 'plain' },
    ],
  },
  { name: 'ocr', view: { kind: 'ocr' }, operations: [{ name: 'read', view: null }] },
] as unknown as Service[];

test('only jobs that name people by their faces are looked through', () => {
  expect(filtersOf(services).map(filter => filter.operation)).toEqual(['identify', 'video', 'plain']);
  expect(filtersOf(services)[0]).toEqual({ service: 'visage', operation: 'identify', state: ['completed', 'partial'] });
});

test('operations together are one look, which runs until the last of them ends', () => {
  const bulk = (state: string, done: number) =>
    ({ id: state, state, done, matched: 5, failed: 1, error: null }) as Schemas['Bulk'];
  expect(lookOf([bulk('completed', 4), bulk('running', 2)])).toMatchObject({
    isRunning: true,
    done: 6,
    matched: 10,
    failed: 2,
  });
  expect(lookOf([]).isRunning).toBe(false);
});

test('a look is followed to its end, and what shows people is read again then', async () => {
  vi.useFakeTimers();
  queryClient.setQueryData(queries.services.queryKey, {
    services: services.slice(0, 1).map(one => ({ ...one, operations: one.operations!.slice(0, 1) })),
  } as never);
  queryClient.setQueryData(['people', 'photos', 'ann'], 'old');
  queryClient.setQueryData(['services-else'], 'kept');
  const looking = lookInAllJobs();
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await looking).done).toBe(2);
  vi.useRealTimers();
  expect(server.started).toEqual([
    { action: 'rematch', filter: { service: 'visage', operation: 'identify', state: ['completed', 'partial'] } },
  ]);
  expect(queryClient.getQueryData(lookKey)).toMatchObject({ isRunning: false, done: 2 });
  expect(queryClient.getQueryState(['people', 'photos', 'ann'])?.isInvalidated).toBe(true);
  expect(queryClient.getQueryState(['services-else'])?.isInvalidated).toBe(false);
});
