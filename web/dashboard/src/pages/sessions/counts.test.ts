import { expect, test } from 'vitest';
import { actionsOf } from './counts';
import type { Interaction } from './queries';

const at = (second: number, action: string): Interaction => ({
  id: second,
  task_id: '0',
  session_id: 's',
  user_id: null,
  action_type: action,
  page_path: null,
  element_type: null,
  element_id: null,
  metadata: {},
  timestamp: new Date(second * 1000).toISOString(),
});

test('actions are counted over the time that they span, the most frequent first', () => {
  const table = actionsOf([at(100, 'click'), at(60, 'view'), at(51, 'click'), at(10, 'click'), at(0, 'view')], 2);
  expect(table).toMatchObject({ from: 0, to: 100_000, most: 2 });
  expect(table.rows).toEqual([
    { action: 'click', count: 3, last: new Date(100_000).toISOString(), parts: [1, 2] },
    { action: 'view', count: 2, last: new Date(60_000).toISOString(), parts: [1, 1] },
  ]);
});

test('one moment, or none, is no fault', () => {
  expect(actionsOf([at(5, 'click')], 4).rows[0]!.parts).toEqual([1, 0, 0, 0]);
  expect(actionsOf([], 4)).toEqual({ from: 0, to: 0, rows: [], most: 0 });
});
