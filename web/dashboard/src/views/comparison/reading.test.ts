import { expect, test } from 'vitest';
import { readComparison, readRanking } from './reading';

const data = (more: object) => ({
  threshold_cosine: 0.45,
  data: { similarity: 0.61, confidence: 98, is_match: true, ...more },
});

test.each([
  [{ faces1: 1, faces2: 3 }, 'same'],
  [{ is_match: false }, 'different'],
  [{ faces1: 0, is_match: false }, 'noFace1'],
  [{ faces1: 2, faces2: 0, is_match: false }, 'noFace2'],
])('%j means %s', (more, verdict) => {
  expect(readComparison(data(more))?.verdict).toBe(verdict);
});

test('a side is a person or a photo', () => {
  const read = readComparison(data({ person1: 'Ann', faces2: 2 }));
  expect(read?.sides).toEqual([
    { person: 'Ann', faces: undefined },
    { person: undefined, faces: 2 },
  ]);
  expect([read?.similarity, read?.confidence, read?.least]).toEqual([0.61, 0.98, 0.45]);
});

test.each([null, 'x', {}, { data: [] }, { data: {} }])('%j is not a comparison', result => {
  expect(readComparison(result)).toBeUndefined();
});

test('a ranking has the names of its items', () => {
  const ranking = [
    { item: 2, similarity: 0.9, is_match: true, item_name: 'b.jpg', person: null },
    { item: 0, similarity: 0.1, is_match: false, person: 'Ann' },
    { item: 'x' },
  ];
  expect(readRanking({ ranking })).toEqual([
    { item: 2, name: 'b.jpg', similarity: 0.9, isMatch: true },
    { item: 0, name: 'Ann', similarity: 0.1, isMatch: false },
  ]);
  expect(readRanking({ pairs: 1 })).toBeUndefined();
});
