import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { Schemas, Service } from '../../api/types';
import type { BulkFilter } from '../../bulk/filter';
import { namesFaces } from '../../views/declared';

type Bulk = Schemas['Bulk'];

/** How far the judging of all jobs again is; all counts are in jobs. */
export interface Look {
  readonly ids: readonly string[];
  readonly isRunning: boolean;
  readonly done: number;
  readonly matched: number;
  readonly failed: number;
  readonly error: string | null;
}

export const lookKey = ['look'] as const;

/** What finds the ended jobs whose faces can be judged again: a filter for each operation that finds faces. */
export function filtersOf(services: readonly Service[]): readonly BulkFilter[] {
  return services.flatMap(service =>
    (service.operations ?? [])
      .filter(({ name }) => namesFaces(service, name))
      .map(({ name }) => ({ service: service.name, operation: name, state: ['completed', 'partial'] })),
  );
}

export function lookOf(bulks: readonly Bulk[]): Look {
  const sum = (of: (bulk: Bulk) => number) => bulks.reduce((all, bulk) => all + of(bulk), 0);
  return {
    ids: bulks.map(bulk => bulk.id),
    isRunning: bulks.some(bulk => bulk.state === 'running'),
    done: sum(bulk => bulk.done),
    matched: sum(bulk => bulk.matched),
    failed: sum(bulk => bulk.failed),
    error: bulks.find(bulk => bulk.error)?.error ?? null,
  };
}

const pause = 700;

/**
 * Has all ended jobs of faces judged again by the gallery of now, and follows that to its end, whatever page is shown then. What shows people
 * is read again at the end.
 */
export async function lookInAllJobs(): Promise<Look> {
  const filters = filtersOf((await queryClient.ensureQueryData(queries.services)).services);
  // A look that runs does not know who was named after it began: its jobs are judged once more.
  const bulks = await Promise.all(filters.map(filter => client.bulk.start({ action: 'rematch', filter })));
  const started = lookOf(bulks);
  queryClient.setQueryData(lookKey, started);
  let look = started;
  let faults = 0;
  while (look.isRunning) {
    await new Promise(resolve => setTimeout(resolve, pause));
    // Another one that began meanwhile shows itself.
    if (queryClient.getQueryData<Look>(lookKey)?.ids !== look.ids) return look;
    try {
      const ids = look.ids;
      look = { ...lookOf(await Promise.all(ids.map(id => client.bulk.get(id)))), ids };
      faults = 0;
    } catch (error) {
      if (++faults > 20) throw error;
      continue;
    }
    queryClient.setQueryData(lookKey, look);
  }
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [kind] }) => ['people', 'results', 'task', 'rematch', 'groups'].includes(String(kind)),
  });
  return look;
}
