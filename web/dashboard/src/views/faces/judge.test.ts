import { expect, test } from 'vitest';
import type { ResultRow } from '../types';
import {
  askedBy,
  confidenceOf,
  countPeople,
  isShown,
  judge,
  keptFrom,
  readFaces,
  similarityOf,
  stepFrom,
  unknown,
} from './judge';

const row = (id: string, result: unknown) => ({ id, index: 0, state: 'completed', result }) as unknown as ResultRow;
const ann = { id: 'a', name: 'Ann', confidence: 97, cosine: 0.6 };
const bob = { id: 'b', name: 'Bob', confidence: 60 };
const photo = readFaces(
  row('t', {
    data: [[{ performers: [bob, ann], box: { x: 1, y: 2, width: 3, height: 4 } }, { performers: [bob] }, {}]],
    image_width: 10,
    image_height: 20,
    threshold_cosine: 0.42,
  }),
);

test('confidences are those of the documentation', () => {
  expect(confidenceOf(0.42)).toBe(0.5);
  expect(confidenceOf(0.45)).toBeCloseTo(0.6457, 4);
  expect(confidenceOf(0.65)).toBeCloseTo(0.99, 3);
  for (const confidence of [0.01, 0.5, 0.9, 0.999])
    expect(confidenceOf(similarityOf(confidence))).toBeCloseTo(confidence, 6);
  expect(Number.isFinite(similarityOf(0)) && Number.isFinite(similarityOf(1))).toBe(true);
});

test('a higher threshold has fewer matches, and the closest person counts', () => {
  const [both, onlyBob, nobody] = photo.faces;
  expect(judge(both!, 0.42)?.name).toBe('Ann');
  expect(judge(both!, 0.61)).toBeUndefined();
  expect(judge(onlyBob!, 0.42)?.name).toBe('Bob');
  expect(judge(onlyBob!, 0.45)).toBeUndefined();
  expect(judge(nobody!, -1)).toBeUndefined();
  expect([0.3, 0.5, 0.7].map(least => countPeople([photo], least).matched)).toEqual([2, 1, 0]);
  expect(countPeople([photo, photo], 0.3).people).toEqual([
    { id: 'a', name: 'Ann', faces: 2 },
    { id: 'b', name: 'Bob', faces: 2 },
  ]);
});

test('the threshold of a job is that of its configuration', () => {
  expect(askedBy({ config: { threshold: 0.5 } })).toBeCloseTo(0.42);
  for (const job of [{}, { config: null }, { config: {} }, { config: { threshold: 'x' } }])
    expect(askedBy(job)).toBeUndefined();
});

test('faces are shown by person', () => {
  const shown = (least: number, person?: string) => photo.faces.map(face => isShown(face, least, person));
  expect(shown(0.3)).toEqual([true, true, true]);
  expect(shown(0.3, 'a')).toEqual([true, false, false]);
  expect(shown(0.5, unknown)).toEqual([false, true, true]);
});

test('a face of somebody who was deleted, and a photo that is cut off, are read as that', () => {
  const cut = readFaces(row('u', { data: [[{ erased: true }, {}]], incomplete: true }));
  expect(cut.faces.map(face => face.isErased)).toEqual([true, false]);
  expect([cut.isIncomplete, photo.isIncomplete]).toEqual([true, false]);
});

test('the strictest threshold of the results is what was kept', () => {
  const other = readFaces(row('u', { data: [[]], threshold_cosine: 0.5 }));
  expect(keptFrom([photo, other])).toBe(0.5);
  expect(keptFrom([])).toBeUndefined();
});

test.each([
  null,
  undefined,
  'text',
  [],
  {},
  { data: null },
  { data: [null] },
  { data: [[null, 7, { performers: 'x', box: { x: 1 } }]] },
])('a result of another form is read without an error: %j', result => {
  expect(readFaces(row('t', result)).faces.every(face => face.matches.length === 0 && face.box === undefined)).toBe(
    true,
  );
});

test('a step goes to the next face that is shown, also from one that is not shown any more', () => {
  const all = photo.faces;
  const shown = [all[0]!, all[2]!];
  const step = (selected: string | undefined, by: number) => stepFrom(all, shown, selected, by)?.index;
  expect([step('t:0', 1), step('t:2', -1), step('t:2', 1), step('t:0', -1)]).toEqual([2, 0, 2, 0]);
  expect([step('t:1', 1), step('t:1', -1)]).toEqual([2, 0]);
  expect([step(undefined, 1), step('gone:7', 1)]).toEqual([0, 0]);
  expect(stepFrom(all, [], 't:0', 1)).toBeUndefined();
});
