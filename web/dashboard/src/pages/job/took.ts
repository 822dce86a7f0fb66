import type { JobDetail } from '../../api/types';

/** How long a job took. */
export interface Took {
  /** From its first call to its end. */
  readonly seconds: number;
  /** What its successful calls took, added up. */
  readonly calls: number;
  /** True if it stood still for most of the time: it was paused, waited for its service or its hours, or was tried again much later. */
  readonly idle: boolean;
}

/** Seconds. Less is the queue at work, and no reason to say more. */
const leastIdle = 1;

/** Undefined before the end of the job. Calls may overlap, so a job can only be known to have been idle, not to have worked. */
export function tookOf(job: Pick<JobDetail, 'started_at' | 'finished_at' | 'processing_ms'>): Took | undefined {
  if (!job.started_at || !job.finished_at) return undefined;
  const seconds = (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
  const calls = job.processing_ms / 1000;
  return { seconds, calls, idle: calls > 0 && seconds > 2 * calls && seconds - calls > leastIdle };
}
