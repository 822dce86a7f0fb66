import { formatNumber } from '../../format/numbers';
import { isObject } from '../pointer';
import type { ResultRow } from '../types';

export interface Field {
  /** The members on the way to it. */
  readonly path: readonly string[];
  readonly title: string;
  readonly isNumber: boolean;
}

const deepest = 3;
const most = 8;
const looked = 50;

/** The fields that a table of results has: the members of the first results, those that most of them have first. */
export function fieldsOf(rows: readonly ResultRow[]): readonly Field[] {
  const found = new Map<string, { path: readonly string[]; count: number; numbers: number }>();
  for (const row of rows.filter(one => one.result !== null && one.result !== undefined).slice(0, looked)) {
    visit(row.result, [], (path, value) => {
      const key = JSON.stringify(path);
      const entry = found.get(key) ?? { path, count: 0, numbers: 0 };
      entry.count++;
      if (typeof value === 'number') entry.numbers++;
      found.set(key, entry);
    });
  }
  return [...found.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, most)
    .map(({ path, count, numbers }) => ({ path, title: path.join('.'), isNumber: numbers === count }));
}

function visit(value: unknown, path: readonly string[], act: (path: readonly string[], value: unknown) => void): void {
  if (isObject(value) && path.length < deepest && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value)) visit(member, [...path, name], act);
  } else act(path, value);
}

/** A field of a result. */
export function readField(result: unknown, path: readonly string[]): unknown {
  let value = result;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** As many digits behind the point as make four that count. */
function digitsOf(value: number): number {
  const size = Math.abs(value);
  return Number.isInteger(value) || size >= 1000 ? 0 : size >= 1 ? 3 : size >= 0.001 ? 4 : 8;
}

/** A value in one line of a table. */
export function fieldText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.slice(0, 300);
  if (typeof value === 'number') return formatNumber(value, digitsOf(value));
  return JSON.stringify(value).slice(0, 300);
}
