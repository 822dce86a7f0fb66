import { expect, test } from 'vitest';
import { changeOf, textsOf } from './limits';

const set = { max_parallel: 4, rate: null, burst: null, allowed_hours: '22:00-07:00 UTC' };

test('only what differs is sent, and what is empty takes the declaration again', () => {
  expect(changeOf(set, textsOf(set), 'Europe/Oslo')).toEqual({ change: {}, faults: [] });
  expect(changeOf(set, { max_parallel: '', rate: '2,5', burst: ' ', allowed_hours: '' }, 'Europe/Oslo')).toEqual({
    change: { max_parallel: null, rate: 2.5, allowed_hours: null },
    faults: [],
  });
});

test('what is no number is named', () => {
  expect(changeOf(set, { ...textsOf(set), rate: 'fast', max_parallel: '8' }, 'Europe/Oslo')).toEqual({
    change: { max_parallel: 8 },
    faults: ['rate'],
  });
});

test('hours without a time zone are those of whoever typed them', () => {
  const hours = (text: string) =>
    changeOf(set, { ...textsOf(set), allowed_hours: text }, 'Europe/Oslo').change.allowed_hours;
  expect(hours('22:00-07:00')).toBe('22:00-07:00 Europe/Oslo');
  expect(hours('Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00')).toBe(
    'Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00 Europe/Oslo',
  );
  expect(hours('22:00-07:00 Asia/Tokyo')).toBe('22:00-07:00 Asia/Tokyo');
  expect(hours('at night')).toBe('at night');
});
