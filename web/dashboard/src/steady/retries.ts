/** A job or a task whose failures may run again. */
export interface Retriable {
  readonly id: string;
  readonly version: number;
  /** It may still change by itself. */
  readonly isOpen: boolean;
  /** How many tasks of it failed. */
  readonly failed: number;
}

interface Retry {
  /** The state that was retried. */
  readonly version: number;
  /** How many failures it had that were not retried. */
  readonly others: number;
}

/** Retries whose end is still to come, by the ids of what was retried. */
const begun = new Map<string, Retry>();

/** Notes that some failures run again. */
export function noteRetry({ id, version, failed }: Retriable, count: number): void {
  if (count > 0) begun.set(id, { version, others: Math.max(0, failed - count) });
}

/** How many of what was retried failed again: once, when it is over again; undefined before that, and without a retry. */
export function endOfRetry({ id, version, isOpen, failed }: Retriable): number | undefined {
  const retry = begun.get(id);
  if (!retry || version <= retry.version || isOpen) return undefined;
  begun.delete(id);
  return Math.max(0, failed - retry.others);
}

export function retriableJob(job: {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly tasks: { readonly failed: number };
}): Retriable {
  const { id, version, state, tasks } = job;
  return { id, version, isOpen: state === 'running' || state === 'pending', failed: tasks.failed };
}

export function retriableTask(task: {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}): Retriable {
  const { id, version, state } = task;
  const isOver = state === 'failed' || state === 'completed' || state === 'cancelled';
  return { id, version, isOpen: !isOver, failed: state === 'failed' ? 1 : 0 };
}

/** What notices of the retries of a job or a task are about: a later one takes the place of an earlier one. */
export function retryOf({ id }: { readonly id: string }): string {
  return `retry ${id}`;
}
