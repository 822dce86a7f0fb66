import { expect, test } from 'vitest';
import { bulkRequest } from './filter';

test('selected jobs are named', () => {
  expect(bulkRequest({ ids: ['a', 'b'] })).toEqual({ filter: { ids: ['a', 'b'] } });
});

test('a filter has the types of the API', () => {
  expect(bulkRequest({ filter: { state: 'failed, partial', paused: 'false', service: 'visage' } })).toEqual({
    filter: { state: ['failed', 'partial'], paused: false, service: 'visage' },
  });
});

test('every job is said in so many words', () => {
  expect(bulkRequest({ filter: {} })).toEqual({ filter: {}, all: true });
});

test('no selected job is not every job', () => {
  expect(bulkRequest({ ids: [] })).toEqual({ filter: { ids: [] } });
});
