// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import { doing, shown } from '../../testing/shown';
import { LostSchedules } from './LostSchedules';

vi.mock('../../app/me', () => ({ useFeature: () => true }));

async function* pages() {
  for (const [name, owner] of [
    ['nightly', 'laptop'],
    ['weekly', 'desk'],
    ['hourly', 'laptop'],
  ])
    yield { name, owner } as Schemas['Schedule'];
}

test('whoever is about to revoke a key reads which schedules run with its rights', async () => {
  vi.spyOn(client.schedules, 'all').mockImplementation(pages);

  const laptop = await shown(<LostSchedules owner="laptop" />);
  await doing(() => undefined);
  expect(laptop.page.textContent).toContain('nightly, hourly.');
  await laptop.remove();

  const phone = await shown(<LostSchedules owner="phone" />);
  await doing(() => undefined);
  expect(phone.page.textContent).toBe('');
  await phone.remove();
});
