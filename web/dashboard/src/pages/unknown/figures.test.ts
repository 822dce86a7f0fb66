import { expect, test } from 'vitest';
import { figuresOf, isOutdated } from './figures';
import type { Clusters, Group } from './queries';

const clusters = (part: Partial<Clusters> = {}) =>
  ({ state: 'completed', groups: 3, unknown: 36, faces: 44, min_faces: 2, ...part }) as Clusters;
const group = (faces: number, isNamed = false, rejected = 0) =>
  ({ faces, rejected, person: isNamed ? { id: 'a', name: 'Ann' } : null }) as unknown as Group;

test('faces of a group that was named are unknown no more', () => {
  expect(figuresOf(clusters(), [group(20, true), group(10), group(4)], false)).toEqual({
    groups: 3,
    unknown: 16,
    single: 2,
  });
});

test('a face that was left out of the name is unknown still', () => {
  expect(figuresOf(clusters(), [group(20, true, 2), group(10), group(4)], false).unknown).toBe(18);
});

test('single faces are offered once all groups are read, if they are not shown already', () => {
  expect(figuresOf(clusters(), [group(20)], true)).toEqual({ groups: 3, unknown: 36, single: 0 });
  expect(figuresOf(clusters({ min_faces: 1 }), [group(20), group(10), group(4)], false).single).toBe(0);
});

test('a group whose person was deleted is not there, and its faces are not said to be single', () => {
  expect(figuresOf(clusters(), [group(10), group(4)], false)).toEqual({ groups: 2, unknown: 36, single: 0 });
  expect(figuresOf(null, [], false)).toEqual({ groups: 0, unknown: 0, single: 0 });
});

test.each([
  ['as it was grouped', {}, undefined, '10:00', false],
  ['after a name that results know', {}, { gallery_version: 8 }, '10:00', true],
  ['judged again with the same gallery', {}, { gallery_version: 7 }, '10:00', false],
  ['while results are judged again', {}, { gallery_version: 8, state: 'running' }, '10:00', false],
  ['after a retry', {}, undefined, '12:00', true],
  ['before the first grouping', { state: 'none' }, { gallery_version: 8 }, '12:00', false],
  ['judged later, of galleries without versions', { gallery_version: null }, { gallery_version: null }, '10:00', true],
])('%s, groups are outdated or not', (_, part, rematch, finished, is) => {
  const at = (time: string) => `2026-11-30T${time}:00Z`;
  const grouped = clusters({ started_at: at('11:00'), gallery_version: 7, ...(part as object) });
  const judged = rematch && { state: 'completed', updated_at: at('11:30'), ...rematch };
  expect(isOutdated(grouped, judged, { finished_at: at(finished) })).toBe(is);
});
