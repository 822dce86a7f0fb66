import { expect, test } from 'vitest';
import { toggled } from './toggled';

test('words are added and taken away', () => {
  expect(toggled(undefined, 'failed')).toBe('failed');
  expect(toggled('failed', 'partial')).toBe('failed,partial');
  expect(toggled('failed,partial', 'failed')).toBe('partial');
  expect(toggled('failed', 'failed')).toBeUndefined();
});
