import { jobTakes } from '../api/acts';
import type { Job } from '../api/types';
import type { BulkAction } from './filter';

export type ChosenJob = Pick<Job, 'state' | 'paused' | 'tasks'>;

/** True if an act on many jobs would change this one. */
export function takes(job: ChosenJob, action: BulkAction): boolean {
  if (action === 'resume') return job.paused && jobTakes(job, 'pause');
  if (action === 'pause') return !job.paused && jobTakes(job, 'pause');
  return jobTakes(job, action);
}
