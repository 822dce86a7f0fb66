import { expect, test } from 'vitest';
import type { Box, Face } from './judge';
import { placeLabels } from './labels';

const face = (index: number, x: number, y: number, width = 100, height = 100): Face => ({
  task: 't',
  index,
  box: { x, y, width, height },
  picture: undefined,
  quality: undefined,
  matches: [],
  isAmbiguous: false,
  isErased: false,
});

test('a face alone has all the room to the edge that its label grows to', () => {
  expect(placeLabels([face(0, 100, 0)], 1000).get(0)).toEqual({ isRight: false, room: 0.9 });
  expect(placeLabels([face(0, 800, 0)], 1000).get(0)).toEqual({ isRight: true, room: 0.9 });
});

test('labels in one line end where the next begins, and share what is between two that grow together', () => {
  const places = placeLabels([face(0, 100, 0), face(1, 250, 20), face(2, 800, 0)], 1000);
  expect(places.get(0)!.room).toBeCloseTo(0.15);
  expect(places.get(1)!.room).toBeCloseTo(0.325);
  expect(places.get(2)!.room).toBeCloseTo(0.325);
});

test('a face far below takes no room, and one without a frame has no label', () => {
  const places = placeLabels([face(0, 100, 0), face(1, 150, 400), { ...face(2, 0, 0), box: undefined }], 1000);
  expect(places.get(0)!.room).toBe(0.9);
  expect(places.has(2)).toBe(false);
});

test('no two labels that take all of their room lie on each other', () => {
  // A fixed generator, so that a failure can be looked at again.
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 300; round++) {
    const faces = Array.from({ length: 2 + next(8) }, (_, index) => face(index, next(900), next(500)));
    const places = placeLabels(faces, 1000);
    const spans = faces.map(({ index, box }) => spanOf(box!, places.get(index)!));
    for (const [a, one] of spans.entries())
      for (const [b, other] of spans.entries()) {
        if (a >= b || Math.abs(one.bottom - other.bottom) > 60) continue;
        expect(Math.min(one.to, other.to) - Math.max(one.from, other.from), `round ${round}`).toBeLessThan(1e-6);
      }
  }
});

function spanOf({ x, y, width, height }: Box, { isRight, room }: { isRight: boolean; room: number }) {
  const from = isRight ? x + width - room * 1000 : x;
  return { from, to: from + room * 1000, bottom: y + height };
}
