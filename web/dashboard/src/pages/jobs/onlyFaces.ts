import type { Job, Service } from '../../api/types';
import type { Chosen } from '../../bulk/filter';
import { namesFaces } from '../../views/declared';

/** True if all chosen jobs are known to name people by their faces; of a filter its service and operation say so. */
export function onlyFaces(
  services: readonly Service[] | undefined,
  chosen: Chosen,
  rows: readonly Pick<Job, 'id' | 'service' | 'operation'>[],
): boolean {
  const isOf = (service: string, operation: string) =>
    namesFaces(
      services?.find(one => one.name === service),
      operation,
    );
  if ('ids' in chosen) {
    const jobs = new Map(rows.map(job => [job.id, job]));
    return (
      chosen.ids.length > 0 &&
      chosen.ids.every(id => {
        const job = jobs.get(id);
        return job !== undefined && isOf(job.service, job.operation);
      })
    );
  }
  const { service, operation } = chosen.filter;
  return service !== undefined && operation !== undefined && isOf(service, operation);
}
