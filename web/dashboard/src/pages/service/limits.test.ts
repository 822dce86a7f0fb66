import { expect, test } from 'vitest';
import { changeOf, textsOf } from './limits';

const set = { max_parallel: 4, rate: null, burst: null, allowed_hours: '22:00-07:00 UTC' };

test('only what differs is sent, and what is empty takes the declaration again', () => {
  expect(changeOf(set, textsOf(set), 'Europe/Berlin')).toEqual({ change: {}, faults: [] });
  expect(changeOf(set, { max_parallel: '', rate: '2,5', burst: ' ', allowed_hours: '' }, 'Europe/Berlin')).toEqual({
    change: { max_parallel: null, rate: 2.5, allowed_hours: null },
    faults: [],
  });
});

test('what is no number is named', () => {
  expect(changeOf(set, { ...textsOf(set), rate: 'fast', max_parallel: '8' }, 'Europe/Berlin')).toEqual({
    change: { max_parallel: 8 },
    faults: ['rate'],
  });
});

test.each([
  ['22:00-07:00', '22:00-07:00 Europe/Berlin'],
  ['Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00', 'Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00 Europe/Berlin'],
  ['22:00-07:00 America/New_York', '22:00-07:00 America/New_York'],
  ['7:00-23:00 UTC', '7:00-23:00 UTC'],
])('the hours %s are %s', (typed, sent) => {
  expect(changeOf(set, { ...textsOf(set), allowed_hours: typed }, 'Europe/Berlin').change).toEqual({
    allowed_hours: sent,
  });
});

test.each(['at night', '7am-11pm', '7-23', 'Europe/Berlin'])(
  '%s are no hours, which is said before anything is sent',
  typed => {
    expect(changeOf(set, { ...textsOf(set), allowed_hours: typed }, 'Europe/Berlin')).toEqual({
      change: {},
      faults: ['allowed_hours'],
    });
  },
);
