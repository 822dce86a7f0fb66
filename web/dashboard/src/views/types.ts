import type { Job, Schemas } from '../api/types';

/** A task of a job that is over, with the answer of the service in `result`. */
export type ResultRow = Schemas['JobResult'];

/** How a service wants its results to be shown: the kind, and JSON pointers to the parts, such as `"text": "/text"`. */
export interface ServiceView {
  readonly kind: string;
  readonly [part: string]: unknown;
}

/** What every view of results is given. It shows the rows, and calls `more` when the last of them come into view. */
export interface ResultViewProps {
  readonly job: Job;
  readonly view: ServiceView;
  readonly rows: readonly ResultRow[];
  readonly more: () => void;
  readonly hasMore: boolean;
}

/** What a row is called: the name of its item, its id as the submitter gave it, or its place. */
export function rowTitle(row: Pick<ResultRow, 'index' | 'item_name' | 'item_id'>): string {
  if (row.item_name) return row.item_name;
  const { item_id } = row;
  return typeof item_id === 'string' || typeof item_id === 'number' ? String(item_id) : `#${row.index + 1}`;
}
