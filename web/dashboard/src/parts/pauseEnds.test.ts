import { expect, test } from 'vitest';
import { endOf, fieldTime, nextMorning } from './pauseEnds';

const at = (day: number, hours: number, minutes = 0) => new Date(2026, 0, day, hours, minutes).getTime();

test.each([
  [at(1, 22), at(2, 7)],
  [at(1, 6, 59), at(1, 7)],
  [at(1, 7), at(2, 7)],
  [at(31, 23), new Date(2026, 1, 1, 7).getTime()],
])('the next morning after %s is %s', (now, expected) => {
  expect(nextMorning(now)).toBe(expected);
});

test('a pause ends as chosen', () => {
  const now = at(1, 22);
  expect(endOf('resumed', '', now)).toBeUndefined();
  expect(endOf('hour', '', now)).toBe(at(1, 23));
  expect(endOf('morning', '', now)).toBe(at(2, 7));
  expect(endOf('own', '2026-01-03T09:30', now)).toBe(at(3, 9, 30));
  expect(endOf('own', '', now)).toBeNaN();
});

test('a moment goes into a field and comes back', () => {
  expect(endOf('own', fieldTime(at(3, 9, 30)), 0)).toBe(at(3, 9, 30));
});
