import { expect, test } from 'vitest';
import type { Service } from '../../api/types';
import { onlyFaces } from './onlyFaces';

const services = [
  {
    name: 'visage',
    operations: [
      { name: 'identify', view: { kind: 'faces' } },
      { name: 'video', view: { kind: 'video' } },
      { name: 'compare', view: { kind: 'comparison' } },
    ],
  },
] as unknown as Service[];
const job = (id: string, operation: string, service = 'visage') => ({ id, service, operation });
const rows = [job('a', 'identify'), job('b', 'video'), job('c', 'compare'), job('d', 'identify', 'other')];

test.each([
  [['a'], true],
  [['a', 'b'], true],
  [['a', 'c'], false],
  [['d'], false],
  [['not-shown'], false],
  [[], false],
])('of the chosen jobs %j all are of faces: %s', (ids, are) => {
  expect(onlyFaces(services, { ids }, rows)).toBe(are);
});

test.each([
  [{ service: 'visage', operation: 'identify' }, true],
  [{ service: 'visage', operation: 'compare' }, false],
  [{ service: 'visage' }, false],
  [{}, false],
])('all that match %j are of faces: %s', (filter, are) => {
  expect(onlyFaces(services, { filter }, rows)).toBe(are);
  expect(onlyFaces(undefined, { filter }, rows)).toBe(false);
});
