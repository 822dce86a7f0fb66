import type { Box, Face } from './judge';

/** Where the label of a face goes, and how much of the photo's width it may take, from 0 to 1. */
export interface LabelPlace {
  /** It begins at the right edge of the frame and grows to the left, since it would leave the photo otherwise. */
  readonly isRight: boolean;
  readonly room: number;
}

/** Labels of which the one would lie on the other: their lines are nearer than this part of the photo's width, as on a phone. */
const lineHeight = 0.06;

/** Places the labels of a photo so that none lies on another: each ends where the next one begins. */
export function placeLabels(faces: readonly Face[], width: number): ReadonlyMap<number, LabelPlace> {
  const framed = faces.flatMap(face => (face.box ? [{ index: face.index, ...lineOf(face.box, width) }] : []));
  const places = new Map<number, LabelPlace>();
  for (const one of framed) {
    let room = one.isRight ? one.right : width - one.left;
    for (const other of framed) {
      if (other === one || Math.abs(other.bottom - one.bottom) > lineHeight * width) continue;
      const isBeside = one.isRight ? other.right <= one.right : other.left >= one.left;
      if (isBeside) room = Math.min(room, roomBeside(one, other));
    }
    places.set(one.index, { isRight: one.isRight, room: Math.max(0, room) / width });
  }
  return places;
}

interface Line {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly isRight: boolean;
}

function lineOf({ x, y, width: own, height }: Box, width: number): Line {
  return { left: x, right: x + own, bottom: y + height, isRight: 2 * x + own > 1.2 * width };
}

/** Two that grow towards each other share what is between them. */
function roomBeside(one: Line, other: Line): number {
  if (one.isRight) return other.isRight ? one.right - other.right : (one.right - other.left) / 2;
  return other.isRight ? (other.right - one.left) / 2 : other.left - one.left;
}
