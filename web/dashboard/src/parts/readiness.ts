import type { Job, Services } from '../api/types';

/** What is left to say of a job whose estimate has passed; undefined while it is still to come. */
export function afterEstimate(
  job: { readonly eta_at: string | null; readonly tasks: Pick<Job['tasks'], 'running'> },
  now: number,
): 'soon' | 'whenTurn' | undefined {
  if (job.eta_at === null || Date.parse(job.eta_at) > now) return undefined;
  return job.tasks.running > 0 ? 'soon' : 'whenTurn';
}

/** True while none of the job's tasks may start, because it, its service or everything is paused; calls that run may still end. */
export function isStopped(
  job: { readonly paused: boolean; readonly service: string },
  services: Services | undefined,
): boolean {
  return (
    job.paused ||
    services?.everything_paused === true ||
    services?.services.find(one => one.name === job.service)?.paused === true
  );
}
