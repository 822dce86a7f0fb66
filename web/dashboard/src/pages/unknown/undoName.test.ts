import { expect, test, vi } from 'vitest';
import type { Clusters } from './queries';
import { undoName } from './undoName';

const calls = vi.hoisted(() => [] as unknown[]);
vi.mock('../../api/client', () => ({
  client: {
    people: { deleteFace: async (...of: unknown[]) => calls.push(of) },
    bulk: { start: async (asked: unknown) => calls.push(asked) },
    request: async (_: string, method: string, asked: object) => calls.push({ method, ...asked }),
  },
}));

test('the name of a group is taken back in all its jobs, which are grouped as before', async () => {
  const clusters = { job_id: 'a', jobs: ['a', 'b'], min_faces: 3, threshold: null } as unknown as Clusters;
  await undoName({ person: 'ann', isNew: false, faces: ['1', '2'] }, clusters);
  expect(calls).toEqual([
    ['ann', '1', {}],
    ['ann', '2', {}],
    { action: 'rematch', filter: { ids: ['a', 'b'] } },
    { method: 'post', path: { id: 'a' }, body: { min_faces: 3, jobs: ['b'] } },
  ]);
});
