import type { Health, Service, Services } from '../../api/types';

/** Something that a person should know or do, the most urgent first. */
export type Concern =
  | { readonly kind: 'noNodes' }
  | { readonly kind: 'everythingPaused'; readonly until: string | null }
  | { readonly kind: 'check'; readonly name: string; readonly detail: string }
  | {
      readonly kind: 'serviceDown';
      readonly service: string;
      readonly reason: string;
      readonly since: string | null;
      readonly again: string | null;
      readonly isPaused: boolean;
    }
  | {
      readonly kind: 'servicePaused';
      readonly service: string;
      readonly waiting: number;
      readonly until: string | null;
    }
  | { readonly kind: 'failedJobs'; readonly count: number; readonly after: string };

interface State {
  readonly services: Services | undefined;
  readonly health: Health | undefined;
  readonly nodes: number | undefined;
  readonly failedJobs: number;
  /** The moment from which failed jobs count. */
  readonly after: string;
}

export function concernsOf({ services, health, nodes, failedJobs, after }: State): readonly Concern[] {
  const concerns: Concern[] = [];
  if (nodes === 0) concerns.push({ kind: 'noNodes' });
  for (const check of health?.checks ?? []) {
    if (check.status !== 'healthy')
      concerns.push({ kind: 'check', name: check.name, detail: check.detail ?? check.status });
  }
  if (health?.database_warning) concerns.push({ kind: 'check', name: 'database', detail: health.database_warning });
  if (services?.everything_paused)
    concerns.push({ kind: 'everythingPaused', until: services.everything_paused_until ?? null });
  for (const service of services?.services ?? []) {
    const down = downLane(service);
    if (down?.waiting) {
      const { error_message: reason, since, next_try_at } = down.waiting;
      concerns.push({
        kind: 'serviceDown',
        service: service.name,
        reason,
        since,
        again: next_try_at ?? down.asked_again_at,
        isPaused: service.paused || services!.everything_paused,
      });
    } else if (service.paused && !services?.everything_paused && service.waiting > 0) {
      const until = service.paused_until ?? null;
      concerns.push({ kind: 'servicePaused', service: service.name, waiting: service.waiting, until });
    }
  }
  if (failedJobs > 0) concerns.push({ kind: 'failedJobs', count: failedJobs, after });
  return concerns;
}

/** The lane of a service that does not answer, if there is one. */
export function downLane(service: Service): Service['lanes'][number] | undefined {
  return service.lanes.find(lane => (lane.circuit === 'open' || lane.circuit === 'half_open') && lane.waiting !== null);
}
