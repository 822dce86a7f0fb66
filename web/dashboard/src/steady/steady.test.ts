import { expect, test } from 'vitest';
import { nothingShown, type Steady, steady } from './steady';

interface Row {
  readonly id: string;
  readonly version: number;
}

const row = (id: string, version = 1): Row => ({ id, version });
const next = (before: Steady<Row>, list: readonly Row[]) =>
  steady(
    before,
    list,
    one => one.id,
    (one, than) => one.version > than.version,
  );
const ids = (list: Steady<Row>) => list.rows.map(one => one.id).join('');

test('a first list is shown as it is', () => {
  const first = next(nothingShown, [row('a'), row('b')]);
  expect(ids(first)).toBe('ab');
  expect(first.waiting).toBe(0);
});

test('new rows at the top wait, rows at the end are added', () => {
  const first = next(nothingShown, [row('b'), row('c')]);
  const second = next(first, [row('a'), row('b'), row('x'), row('c'), row('d')]);
  expect(ids(second)).toBe('bcd');
  expect(second.waiting).toBe(2);
});

test('a row that left keeps its place, and content changes in place', () => {
  const first = next(nothingShown, [row('a'), row('b'), row('c')]);
  const second = next(first, [row('c', 2), row('a', 5)]);
  expect(ids(second)).toBe('abc');
  expect(second.rows.map(one => one.version)).toEqual([5, 1, 2]);
  expect([...second.gone]).toEqual(['b']);
});

test('of two states of a row the newer is shown, once', () => {
  const first = next(nothingShown, [row('a'), row('b', 1), row('b', 3)]);
  expect(ids(first)).toBe('ab');
  expect(first.rows[1]!.version).toBe(3);
});

test('when all rows changed they wait, and nothing jumps', () => {
  const second = next(next(nothingShown, [row('a')]), [row('x'), row('y')]);
  expect(ids(second)).toBe('a');
  expect(second.waiting).toBe(2);
});

test('however a list is shuffled and grows, no shown row moves', () => {
  let state = next(
    nothingShown,
    Array.from({ length: 20 }, (_, at) => row(`r${at}`)),
  );
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 200; round++) {
    const list = Array.from({ length: 20 }, () => row(`r${Math.floor(random() * 40)}`, round));
    const before = state.rows.map(one => one.id);
    state = next(state, list);
    expect(state.rows.slice(0, before.length).map(one => one.id)).toEqual(before);
    expect(new Set(state.rows.map(one => one.id)).size).toBe(state.rows.length);
  }
});
