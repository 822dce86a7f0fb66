import { expect, test } from 'vitest';
import { withoutRoute } from './withoutRoute';

test('the route that a program would ask is left out, and nothing else', () => {
  expect(withoutRoute('There is no job x; GET /api/queue/jobs lists the jobs.')).toBe('There is no job x.');
  expect(withoutRoute('There is no face 3; faces are counted from 0.')).toBe(
    'There is no face 3; faces are counted from 0.',
  );
});
