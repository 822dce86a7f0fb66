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
  /** Only this result is shown: what is said of all results of a job is left out. */
  readonly isSingle?: boolean;
}
