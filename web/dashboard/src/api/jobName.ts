import type { Job } from './types';

/** What a job is called: its name, or what it does and the beginning of its id. */
export function jobName(job: Pick<Job, 'id' | 'name' | 'service' | 'operation'>): string {
  return job.name || `${job.service} ${job.operation} ${job.id.slice(0, 13)}`;
}
