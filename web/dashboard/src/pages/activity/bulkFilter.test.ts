import { expect, test } from 'vitest';
import { filterWords, jobsSearch } from './bulkFilter';

test('a filter is written as a person would, and opens the page of its jobs', () => {
  const filter = { state: ['failed', 'partial'], service: 'visage', name: 'two words', paused: false, owner: null };
  expect(filterWords(filter)).toBe('state:failed,partial service:visage name:"two words" paused:false');
  expect(jobsSearch(filter)).toEqual({
    state: 'failed,partial',
    service: 'visage',
    name: 'two words',
    paused: 'false',
  });
});

test('chosen jobs have no address', () => {
  expect(jobsSearch({ ids: ['a', 'b'] })).toBeUndefined();
  expect(jobsSearch({})).toEqual({});
});
