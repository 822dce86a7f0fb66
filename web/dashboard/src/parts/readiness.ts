import type { Job } from '../api/types';

/** What is left to say of a job whose estimate has passed; undefined while it is still to come. */
export function afterEstimate(
  job: { readonly eta_at: string | null; readonly tasks: Pick<Job['tasks'], 'running'> },
  now: number,
): 'soon' | 'stillWaits' | undefined {
  if (job.eta_at === null || Date.parse(job.eta_at) > now) return undefined;
  return job.tasks.running > 0 ? 'soon' : 'stillWaits';
}
