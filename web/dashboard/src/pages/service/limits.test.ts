import { expect, test } from 'vitest';
import { changeOf, textsOf } from './limits';

const set = { max_parallel: 4, rate: null, burst: null, allowed_hours: '22:00-07:00 UTC' };

test('only what differs is sent, and what is empty takes the declaration again', () => {
  expect(changeOf(set, textsOf(set))).toEqual({ change: {}, faults: [] });
  expect(changeOf(set, { max_parallel: '', rate: '2,5', burst: ' ', allowed_hours: '' })).toEqual({
    change: { max_parallel: null, rate: 2.5, allowed_hours: null },
    faults: [],
  });
});

test('what is no number is named', () => {
  expect(changeOf(set, { ...textsOf(set), rate: 'fast', max_parallel: '8' })).toEqual({
    change: { max_parallel: 8 },
    faults: ['rate'],
  });
});
