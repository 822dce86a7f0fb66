import { expect, test } from 'vitest';
import { taskName } from './taskName';

test.each([
  [{ index: 4, item_name: 'a.jpg', item_id: 7, prompt: 'A cat' }, 'a.jpg'],
  [{ index: 4, item_name: null, item_id: 7, prompt: 'A cat' }, '7'],
  [{ index: 4, item_id: {}, prompt: ' A cat\n on a  roof ' }, 'A cat on a roof'],
  [{ index: 4, prompt: 'x'.repeat(200) }, `${'x'.repeat(79)}…`],
  [{ index: 4, item_text: 'A dog', prompt: 'A cat' }, 'A dog'],
  [{ index: 4, item_id: 7, item_text: 'A dog' }, '7'],
  [{ index: 4, prompt: ' ' }, '#5'],
  [{ index: 4 }, '#5'],
])('%o is called %s', (task, name) => {
  expect(taskName(task)).toBe(name);
});
