import type { ResultRow } from '../../views/types';

interface Seen {
  /** The rows that are shown. */
  readonly rows: readonly Pick<ResultRow, 'state'>[];
  /** How many entries the list has by now that were not read. */
  readonly waiting: number;
  /** All entries were read with one request. */
  readonly isWhole: boolean;
}

/** True if no result is shown that others could move: what failed or was cancelled has nothing to be looked at, and results come before it. */
export const hasNoResult = (rows: Seen['rows']) => rows.every(row => row.state !== 'completed');

/** True if what is new is read at once: a short list, of which those that come behind the last row are shown, or one that has no result yet. */
export function mayFollow({ rows, waiting, isWhole }: Seen): boolean {
  return waiting > 0 && (isWhole || hasNoResult(rows));
}
