import { expect, test } from 'vitest';
import type { Job } from '../../api/types';
import type { LiveList } from '../../live/apply';
import { goneRows, jobRows } from './rows';

const job = (id: string): Job => ({ id, version: 1 }) as Partial<Job> as Job;
const list = (ids: string, arrived = '', next: string | null = null): LiveList => ({
  data: [...ids].map(job),
  next,
  total: ids.length,
  total_is_exact: true,
  arrived: [...arrived],
});
const ids = (rows: readonly Job[]) => rows.map(row => row.id).join('');

test('pages follow one another, newest first', () => {
  expect(ids(jobRows(list('fe', '', 'x'), [job('d'), job('c')], true))).toBe('fedc');
});

test('a new job comes first, one that changed behind what was read does not', () => {
  expect(ids(jobRows(list('zafe', 'za', 'x'), [job('d')], true))).toBe('zfed');
  expect(ids(jobRows(list('zafe', 'za'), [job('d')], false))).toBe('zfeda');
});

test('rows behind the first page are not gone because it is shorter now', () => {
  expect([...goneRows(new Set(['g', 'b']), list('hf', '', 'x'))]).toEqual(['g']);
  expect([...goneRows(new Set(['g', 'b']), list('hf'))]).toEqual(['g', 'b']);
});
