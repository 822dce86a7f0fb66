import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './search';

test.each([
  ['', {}],
  ['?state=failed%2Cpartial&name=two+words', { state: 'failed,partial', name: 'two words' }],
  ['?id=123', { id: '123' }],
  ['?on=true&at=null', { on: 'true', at: 'null' }],
])('%s stays as it is', (query, search) => {
  expect(parseSearch(query)).toEqual(search);
  expect(stringifySearch(search)).toBe(query);
});

test('what is empty is not in the address', () =>
  expect(stringifySearch({ a: '', b: undefined, c: 'x' })).toBe('?c=x'));
