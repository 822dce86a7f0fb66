import { expect, test } from 'vitest';
import { faultsOf, filledCount, noOptions, optionsOf } from './options';

test('empty fields are left to the server, and the rest is what it takes', () => {
  expect(Object.values(optionsOf('', noOptions)).every(value => value === undefined)).toBe(true);
  expect(optionsOf(' A ', { ...noOptions, tags: 'x, y,,', priority: '0' })).toMatchObject({
    name: 'A',
    tags: ['x', 'y'],
    priority: 0,
  });
});

test('what is no whole number within its bounds is named', () => {
  expect(faultsOf({ ...noOptions, priority: '10', max_parallel: '0', max_retries: 'x' })).toEqual([
    'priority',
    'max_parallel',
    'max_retries',
  ]);
  expect(faultsOf({ ...noOptions, priority: '9', max_parallel: '1', max_retries: '0' })).toEqual([]);
});

test('filled fields of the service and of the job are counted', () => {
  const fields = [{ name: 'threshold', kind: 'number', schema: {}, isRequired: false } as const];
  expect(filledCount(fields, {}, noOptions)).toBe(0);
  expect(filledCount(fields, { threshold: '0.6', gone: '1' }, { ...noOptions, priority: '1', tags: ' ' })).toBe(2);
});
