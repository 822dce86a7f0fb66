import { expect, test } from 'vitest';
import { offeredPages, railPages } from './pages';

const paths = (role: 'read' | 'submit' | 'operate' | 'admin', features: string[]) =>
  offeredPages({ role, features }).map(page => page.path);

test('a page is offered to those who may use it, on a server that has it', () => {
  const all = railPages.flatMap(page => page.feature ?? []);
  expect(paths('read', all)).not.toContain('/submit');
  expect(paths('submit', all)).toEqual(railPages.map(page => page.path));
  expect(paths('admin', [])).not.toContain('/people');
});
