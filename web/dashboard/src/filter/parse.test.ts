import { expect, test } from 'vitest';
import { parseFilter, pickFilter, writeFilter } from './parse';

const rule = { names: ['state', 'service', 'name', 'tag'], text: 'name' };

test.each([
  ['', {}],
  ['  ', {}],
  ['state:failed service:visage name:gallery', { state: 'failed', service: 'visage', name: 'gallery' }],
  ['state:failed state:partial', { state: 'failed,partial' }],
  ['holiday photos', { name: 'holiday photos' }],
  ['name:"two words" more', { name: 'two words more' }],
  ['name:"it is \\"quoted\\""', { name: 'it is "quoted"' }],
  ['name:"not closed', { name: 'not closed' }],
  ['STATE:failed', { state: 'failed' }],
  ['tag: x', { name: 'x' }],
  ['tag:a:b', { tag: 'a:b' }],
])('%s', (text, filter) => expect(parseFilter(text, rule)).toEqual({ filter, faults: [] }));

test('an unknown name is a fault with the nearest known one', () => {
  expect(parseFilter('stat:failed colour:red', rule).faults).toEqual([
    { at: 0, name: 'stat', meant: 'state' },
    { at: 12, name: 'colour', meant: undefined },
  ]);
});

test('what is written is read as it was, for any value', () => {
  for (const value of ['a', 'two words', '"', '\\', '\\"', 'a"b c', ' x', 'end\\', 'ü:ö', '\\\\ "']) {
    const text = writeFilter({ name: value, state: 'failed' }, rule);
    expect(parseFilter(text, rule)).toEqual({ filter: { name: value, state: 'failed' }, faults: [] });
  }
});

test('the address of a page has other members beside its filter', () => {
  expect(pickFilter({ state: 'failed', tab: 'tasks', name: '' }, rule)).toEqual({ state: 'failed' });
});
