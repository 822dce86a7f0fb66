import type { Json } from '@stashai/client';
import type { Schemas } from '../../api/types';
import { parsed } from '../../schema/schema';

type Schedule = Schemas['Schedule'];
export type SourceKind = 'folder' | 'ndjson' | 'body';

/** What stands in the fields of a schedule. */
export interface Draft {
  readonly name: string;
  readonly cron: string;
  readonly time_zone: string;
  readonly service: string;
  readonly operation: string;
  readonly overlap: Schemas['ScheduleOverlap'];
  readonly kind: SourceKind;
  readonly path: string;
  readonly onlyChanged: boolean;
  readonly types: string;
  readonly items: string;
  readonly config: string;
}

export function newDraft(service: string, zone: string): Draft {
  return {
    name: '',
    cron: '0 3 * * *',
    time_zone: zone,
    service,
    operation: '',
    overlap: 'skip',
    kind: 'folder',
    path: '',
    onlyChanged: true,
    types: '',
    items: '[]',
    config: '',
  };
}

export function draftOf(schedule: Schedule): Draft {
  const { source } = schedule;
  const body = (source.body ?? {}) as { items?: Json };
  return {
    name: schedule.name,
    cron: schedule.cron,
    time_zone: schedule.time_zone,
    service: schedule.service,
    operation: schedule.operation ?? '',
    overlap: schedule.overlap,
    kind: source.type as SourceKind,
    path: typeof source.path === 'string' ? source.path : '',
    onlyChanged: source.only === 'changed',
    types: Array.isArray(source.types) ? source.types.join(', ') : '',
    items: JSON.stringify(body.items ?? []),
    config: schedule.config ? JSON.stringify(schedule.config) : '',
  };
}

export type DraftFault = 'itemsFault' | 'configFault';

/** What the server gets. Members of a source that the form does not show stay as they are. */
export function requestOf(draft: Draft, before?: Schedule): Schemas['ScheduleRequest'] | DraftFault {
  const config = draft.config.trim() === '' ? null : parsed(draft.config);
  if (config !== null && !isObject(config)) return 'configFault';
  const kept = before?.source.type === draft.kind ? before.source : {};
  const source: Record<string, unknown> = { ...kept, type: draft.kind };
  if (draft.kind === 'body') {
    const items = parsed(draft.items);
    if (!Array.isArray(items)) return 'itemsFault';
    source.body = { ...(isObject(kept.body as Json) ? (kept.body as object) : {}), items };
  } else source.path = draft.path.trim();
  if (draft.kind === 'folder') {
    const types = draft.types.split(/[\s,]+/).filter(type => type !== '');
    delete source.only;
    delete source.types;
    if (draft.onlyChanged) source.only = 'changed';
    if (types.length > 0) source.types = types;
  }
  return {
    name: draft.name.trim(),
    cron: draft.cron.trim(),
    time_zone: draft.time_zone.trim() || null,
    service: draft.service,
    operation: draft.operation || null,
    overlap: draft.overlap,
    config: config as Record<string, unknown> | null,
    source,
  };
}

function isObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
