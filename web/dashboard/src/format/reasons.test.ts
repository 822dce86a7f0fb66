import { expect, test } from 'vitest';
import { clause } from './reasons';

test('a reason that ends with a full stop goes on without a second sign', () => {
  expect(clause('The visage service is not ready yet.')).toBe('The visage service is not ready yet');
  expect(clause('Connection refused')).toBe('Connection refused');
  expect(clause('Loading...')).toBe('Loading...');
  expect(clause('What?')).toBe('What?');
});
