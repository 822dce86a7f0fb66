import { expect, test } from 'vitest';
import { segmentAt, segmentsOf, timeCode } from './segments';

test.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [750, '12:30'],
  [3723, '1:02:03'],
  [-1, '0:00'],
])('%d seconds are %s', (seconds, text) => {
  expect(timeCode(seconds)).toBe(text);
});

test('segments are read where the view says, and only whole ones', () => {
  const result = { parts: [{ start: 0, text: ' a ' }, { start: 'x', text: 'b' }, { start: 2, text: 'c' }, null] };
  const segments = segmentsOf(result, { kind: 'transcript', segments: '/parts' });
  expect(segments).toEqual([
    { start: 0, text: 'a' },
    { start: 2, text: 'c' },
  ]);
  expect(segmentsOf({ text: 'no parts' }, { kind: 'transcript' })).toEqual([]);
  expect(segmentAt(segments, 1.9)).toBe(0);
  expect(segmentAt(segments, 2)).toBe(1);
  expect(segmentAt([], 5)).toBe(-1);
});
