import type { ResultRow } from '../../views/types';

interface Seen {
  /** The rows that are shown; undefined while they are read for the first time. */
  readonly rows: readonly Pick<ResultRow, 'state'>[] | undefined;
  /** How many entries the list has by now. */
  readonly over: number;
}

/**
 * True if what is new may be shown at once: no result is shown yet that it could move. Tasks that failed or were cancelled have nothing to be
 * looked at, and results come before them.
 */
export function mayFollow({ rows, over }: Seen): boolean {
  return rows !== undefined && over > rows.length && rows.every(row => row.state !== 'completed');
}
