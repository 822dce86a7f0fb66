import { expect, test } from 'vitest';
import type { Schemas } from '../../api/types';
import { draftOf, newDraft, requestOf } from './draft';

const schedule = {
  name: 'nightly',
  cron: '@daily',
  time_zone: 'Europe/Berlin',
  overlap: 'queue',
  service: 'visage',
  operation: 'identify',
  config: { priority: 2 },
  source: { type: 'folder', path: '/photos', only: 'changed', recursive: false, types: ['jpg', 'png'] },
} as unknown as Schemas['Schedule'];

test('a schedule that is not changed is sent as it was, with what the form does not show', () => {
  expect(requestOf(draftOf(schedule), schedule)).toEqual({
    name: 'nightly',
    cron: '@daily',
    time_zone: 'Europe/Berlin',
    overlap: 'queue',
    service: 'visage',
    operation: 'identify',
    config: { priority: 2 },
    source: { type: 'folder', path: '/photos', only: 'changed', recursive: false, types: ['jpg', 'png'] },
  });
});

test('another source leaves nothing of the one before', () => {
  const draft = { ...draftOf(schedule), kind: 'body' as const, items: '["a"]' };
  expect(requestOf(draft, schedule)).toMatchObject({ source: { type: 'body', body: { items: ['a'] } } });
});

test('what is no JSON is named', () => {
  const draft = newDraft('echo', 'UTC');
  expect(requestOf({ ...draft, config: '[1]' })).toBe('configFault');
  expect(requestOf({ ...draft, kind: 'body', items: '{}' })).toBe('itemsFault');
});
