import { localServices } from '../../api/localServices';
import type { Service } from '../../api/types';

export type ServiceState = 'paused' | 'down' | 'closed' | 'throttled' | 'ready' | 'stored' | 'untried' | 'unknown';

/** What keeps a service from being called, the strongest reason first. */
export function stateOf(service: Service, everythingPaused: boolean, now: number): ServiceState {
  if (everythingPaused || service.paused) return 'paused';
  if (!service.configured) return 'unknown';
  if (service.lanes.some(lane => lane.circuit === 'open' || lane.circuit === 'half_open')) return 'down';
  if (service.allowed_hours && !service.allowed_hours.open) return 'closed';
  if (service.lanes.some(lane => lane.blocked_until !== null && Date.parse(lane.blocked_until) > now))
    return 'throttled';
  if (localServices.has(service.name)) return 'stored';
  // Whether anything answers at its address is known from its first call on.
  return service.called ? 'ready' : 'untried';
}
