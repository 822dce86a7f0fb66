import { expect, test } from 'vitest';
import type { ResultRow } from '../types';
import { readVideo } from './appearances';

const ann = { id: 'a', name: 'Ann', cosine: 0.8 };
const bob = { id: 'b', name: 'Bob', cosine: 0.7 };
const face = (...performers: object[]) => ({ image: 'abcd', performers });
const row = (result: unknown) => ({ id: 't', index: 0, state: 'completed', result }) as ResultRow;
const frame = (start: number, end: number, ...faces: object[]) => ({ start, end, faces });

test('frames that follow each other are one stretch, and whoever is seen longest comes first', () => {
  const video = readVideo(
    row({
      duration: 60,
      cover: { image: 'wxyz' },
      frames: [
        frame(0, 10, face(bob)),
        frame(10, 20, face(ann, bob), face()),
        frame(20, 30, face(ann)),
        frame(50, 60, face(ann)),
      ],
    }),
  );
  expect(video?.duration).toBe(60);
  expect(video?.frames).toBe(4);
  expect(video?.cover).toBe('data:image/jpeg;base64,wxyz');
  expect(video?.appearances.map(one => [one.name, one.spans])).toEqual([
    [
      'Ann',
      [
        { start: 10, end: 30 },
        { start: 50, end: 60 },
      ],
    ],
    ['Bob', [{ start: 0, end: 10 }]],
    [undefined, [{ start: 10, end: 20 }]],
  ]);
});

test('two faces of nobody in one frame are one stretch', () => {
  expect(readVideo(row({ frames: [frame(0, 5, face(), face())] }))?.appearances[0]?.spans).toEqual([
    { start: 0, end: 5 },
  ]);
});

test('without a duration the last frame ends the video', () => {
  expect(readVideo(row({ frames: [frame(3, 7)] }))?.duration).toBe(7);
});

test.each([null, 'text', {}, { frames: 'x' }, []])('%j is not the result of a video', result => {
  expect(readVideo(row(result))).toBeUndefined();
});

test('what is not a frame is left out', () => {
  const video = readVideo(row({ frames: [null, { start: 'x' }, frame(1, 2, face(ann))] }));
  expect([video?.frames, video?.appearances.length]).toEqual([1, 1]);
});
