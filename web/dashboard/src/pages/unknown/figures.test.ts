import { expect, test } from 'vitest';
import { figuresOf } from './figures';
import type { Clusters, Group } from './queries';

const clusters = (part: Partial<Clusters> = {}) =>
  ({ state: 'completed', groups: 3, unknown: 36, faces: 44, min_faces: 2, ...part }) as Clusters;
const group = (faces: number, isNamed = false) =>
  ({ faces, person: isNamed ? { id: 'a', name: 'Ann' } : null }) as unknown as Group;

test('faces of a group that was named are unknown no more', () => {
  expect(figuresOf(clusters(), [group(20, true), group(10), group(4)], false)).toEqual({
    groups: 3,
    unknown: 16,
    single: 2,
  });
});

test('single faces are offered once all groups are read, if they are not shown already', () => {
  expect(figuresOf(clusters(), [group(20)], true)).toEqual({ groups: 3, unknown: 36, single: 0 });
  expect(figuresOf(clusters({ min_faces: 1 }), [group(20), group(10), group(4)], false).single).toBe(0);
});

test('a group whose person was deleted is not there, and its faces are not said to be single', () => {
  expect(figuresOf(clusters(), [group(10), group(4)], false)).toEqual({ groups: 2, unknown: 36, single: 0 });
  expect(figuresOf(null, [], false)).toEqual({ groups: 0, unknown: 0, single: 0 });
});
