import { expect, test } from 'vitest';
import { linesOf } from './fitting';

const columns = [
  { key: 'state' },
  { key: 'progress', hide: 'narrow', isBelow: true },
  { key: 'rate', hide: 'medium' },
  { key: 'age', hide: 'narrow', isBelow: true },
  { key: 'owner', hide: 'wide', isBelow: true },
] as const;
const keys = (width: number, asked?: string) => {
  const { shown, second } = linesOf(
    columns.map(column => ({ ...column, isAsked: column.key === asked })),
    width,
  );
  return [shown, second].map(line => line.map(column => column.key).join(' '));
};

test('a narrow table has what matters most on a second line', () => {
  expect(keys(358)).toEqual(['state', 'progress age owner']);
  expect(keys(560)).toEqual(['state progress age', '']);
  expect(keys(1240)).toEqual(['state progress rate age owner', '']);
});

test('what somebody asked for is a column at any width, and not twice', () => {
  expect(keys(358, 'rate')).toEqual(['state rate', 'progress age owner']);
  expect(keys(358, 'age')).toEqual(['state age', 'progress owner']);
});
