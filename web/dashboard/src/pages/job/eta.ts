import type { JobDetail } from '../../api/types';

/**
 * In how many seconds from now the job is over in nine of ten cases. The server counts both estimates from its answer, and says only of the first
 * which moment that is: without it, the two would be of different moments as soon as time goes by.
 */
export function secondsToLate(job: Pick<JobDetail, 'eta_at' | 'eta_seconds' | 'eta_p90_seconds'>, now: number) {
  const { eta_at: at, eta_seconds: seconds, eta_p90_seconds: late } = job;
  if (at === null || seconds === null || late === null) return undefined;
  return Math.max(0, Math.round((Date.parse(at) - now) / 1000 + late - seconds));
}
