// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import type { Service } from '../../api/types';
import { shown } from '../../testing/shown';
import { Lanes } from './Lanes';

vi.mock('../../app/me', () => ({ useMay: () => true }));

const service = (paused: boolean) =>
  ({
    name: 'said',
    paused,
    paused_until: null,
    allowed_hours: null,
    circuit_settings: null,
    lanes: [
      {
        authority: 'a',
        address: null,
        running: 0,
        circuit: 'open',
        asked_again_at: null,
        blocked_until: null,
        waiting: { error_message: 'No answer.', error_kind: 'unreachable', since: null, next_try_at: null },
      },
    ],
  }) as unknown as Service;

test.each([
  ['nothing', false, false, true],
  ['the service', true, false, false],
  ['everything', false, true, false],
])('an address that does not answer may be tried while %s is paused: %s, %s, %s', async (_, paused, all, expected) => {
  const { page, remove } = await shown(<Lanes service={service(paused)} everythingPaused={all} />);
  const names = [...page.querySelectorAll('button')].map(one => one.textContent);
  expect(names.includes('Try now')).toBe(expected);
  await remove();
});
