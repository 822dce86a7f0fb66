import type { Job } from '../../api/types';
import type { LiveList } from '../../live/apply';
import type { OwnActs } from './ownActs';

/**
 * The first page of the list as it is now, and the pages behind it, newest first. A job that changed but belongs behind what was read is left
 * out: it comes with its page.
 */
export function jobRows(list: LiveList, further: readonly Job[], hasMore: boolean): readonly Job[] {
  const arrived = new Set(list.arrived);
  const read = [...list.data.filter(job => !arrived.has(job.id)), ...further];
  const oldest = read.reduce<string | undefined>(
    (least, { id }) => (least === undefined || id < least ? id : least),
    undefined,
  );
  const rows = [...list.data, ...further].filter(
    job => !hasMore || !arrived.has(job.id) || oldest === undefined || job.id >= oldest,
  );
  // Ids begin with their time.
  return rows.sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

/** Of the rows that the list has no more, those that it would have: others are only behind its first page. */
export function goneRows(gone: ReadonlySet<string>, list: LiveList): ReadonlySet<string> {
  const last = list.data.at(-1)?.id;
  if (list.next === null || last === undefined) return gone;
  return new Set([...gone].filter(id => id >= last));
}

/** The rows without those that are not in the list any more because of an act of one's own; the others stay where they are. */
export function withoutOwn<Row extends { readonly id: string }>(
  shown: { readonly rows: readonly Row[]; readonly gone: ReadonlySet<string> },
  own: OwnActs,
): { rows: readonly Row[]; gone: ReadonlySet<string> } {
  const isDropped = (id: string) => own.removed.has(id) || (own.changed.has(id) && shown.gone.has(id));
  if (!shown.rows.some(row => isDropped(row.id))) return shown;
  return {
    rows: shown.rows.filter(row => !isDropped(row.id)),
    gone: new Set([...shown.gone].filter(id => !isDropped(id))),
  };
}
