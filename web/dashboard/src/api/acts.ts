import table from './acts.json';
import type { JobState, TaskState } from './types';

export type JobAct = 'pause' | 'cancel' | 'priority' | 'retry' | 'skip' | 'rerun' | 'rematch' | 'delete';
export type TaskAct = 'cancel' | 'retry';

interface ActedJob {
  readonly state: JobState;
  /** What another API calls the batch that the job is. Once it has ended, its results stay as its clients have read them. */
  readonly batch_id?: string | null;
  readonly tasks: { readonly failed: number };
}

const jobTable: Readonly<Record<JobState, readonly string[]>> = table.job;
const taskTable: Readonly<Record<TaskState, readonly string[]>> = table.task;

/**
 * What the server does with a job in its state, by the table that its own tests read too (`ActTableTests`). Who may is another question:
 * `mayChangeJob`.
 */
export function jobTakes(job: ActedJob, act: JobAct): boolean {
  if ((act === 'retry' || act === 'skip') && job.tasks.failed === 0) return false;
  return jobTable[job.state].includes(act) && (!isEndedBatch(job) || table.ended_batch.job.includes(act));
}

/** What the server does with a task in its state. */
export function taskTakes(task: { readonly state: TaskState }, job: ActedJob, act: TaskAct): boolean {
  return (
    taskTable[task.state].includes(act) && (!isEndedBatch(job) || (table.ended_batch.task as string[]).includes(act))
  );
}

/** True for the job of a batch of another API that has ended. */
export function isEndedBatch(job: Pick<ActedJob, 'state' | 'batch_id'>): boolean {
  return !!job.batch_id && !isOpen(job);
}

/** True while tasks of the job run or wait. */
export function isOpen(job: Pick<ActedJob, 'state'>): boolean {
  return job.state === 'pending' || job.state === 'running';
}
