// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import type { Service } from '../../api/types';
import { shown } from '../../testing/shown';
import { Limits } from './LimitsForm';

const may = vi.hoisted(() => ({ operate: false }));
vi.mock('../../app/me', () => ({ useMay: () => may.operate }));
vi.mock('../../api/client', () => ({ client: {} }));

const service = {
  name: 'llm',
  set: { max_parallel: 3, rate: null, burst: null, allowed_hours: null },
  declared: { max_parallel: 8, rate: 5, burst: null, allowed_hours: null },
} as unknown as Service;

test('who may only read sees the limits that hold, and no fields', async () => {
  may.operate = false;
  const { page } = await shown(<Limits service={service} />);
  expect([...page.querySelectorAll('dd')].map(one => one.textContent)).toEqual(['3', '5', 'no limit', 'any time']);
  expect(page.querySelector('input')).toBeNull();
});

test('who may change them has the fields', async () => {
  may.operate = true;
  const { page } = await shown(<Limits service={service} />);
  expect(page.querySelectorAll('input')).toHaveLength(4);
});
