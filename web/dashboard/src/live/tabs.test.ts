import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noting } from '../api/noting';
import { Contact } from './contact';
import { type Channel, Tabs } from './tabs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Two tabs of one browser, and what each knows. */
function twoTabs() {
  const channels: Channel[] = [];
  const opened = () => {
    const channel: Channel = {
      onmessage: null,
      postMessage: message => {
        for (const other of channels)
          if (other !== channel) (other.onmessage as ((event: unknown) => unknown) | null)?.({ data: message });
      },
    };
    channels.push(channel);
    const queries = new QueryClient();
    queries.setQueryData(['people', 'one', '1'], 'Dora');
    const tabs = new Tabs();
    tabs.start(channel, queries);
    return { tabs, isStale: () => queries.getQueryState(['people', 'one', '1'])?.isInvalidated };
  };
  return [opened(), opened()] as const;
}

const answering = (status: number) => async () => new Response(null, { status });

test.each([
  ['a change', 'PATCH', 200, true],
  ['a deletion', 'DELETE', 204, true],
  ['what was refused', 'POST', 409, false],
  ['a read', 'GET', 200, false],
])('%s in one tab has the other read again: %s %i', async (_, method, status, isHeard) => {
  const [here, there] = twoTabs();
  const send = noting(answering(status), { answered: () => undefined, changed: here.tabs.tell });
  await send('/api/people/1', { method });
  expect(there.isStale()).toBe(isHeard);
  expect(here.isStale()).toBe(false);
});

test('a request that is answered ends a break, and one that is not begins it again', async () => {
  let now = 100;
  const contact = new Contact(() => now++);
  const notes = { answered: (has: boolean) => contact.note(has), changed: () => undefined };
  await noting(answering(200), notes)('/');
  const broke = now++;
  expect(contact.isBackSince(broke)).toBe(false);
  await noting(answering(409), notes)('/', { method: 'POST' });
  expect(contact.isBackSince(broke)).toBe(true);
  await noting(answering(502), notes)('/');
  expect(contact.isBackSince(broke)).toBe(false);
  await noting(answering(200), notes)('/');
  const fails = noting(() => Promise.reject(new TypeError('Failed to fetch')), notes);
  await fails('/', { signal: AbortSignal.abort() }).catch(() => undefined);
  expect(contact.isBackSince(broke)).toBe(true);
  await fails('/').catch(() => undefined);
  expect(contact.isBackSince(broke)).toBe(false);
});
