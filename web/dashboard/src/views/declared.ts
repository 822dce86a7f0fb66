import type { Service } from '../api/types';
import { isObject } from './pointer';
import type { ServiceView } from './types';

/** How the results of an operation are to be shown, as it or its service says; undefined where neither says anything. */
export function declaredView(service: Service | undefined, operation: string): ServiceView | undefined {
  if (!service) return undefined;
  const own = service.operations?.find(one => one.name === operation);
  // Servers of earlier versions know only the view of the service.
  const view: unknown = own && 'view' in own ? own.view : service.view;
  return isObject(view) && typeof view.kind === 'string' ? { ...view, kind: view.kind } : undefined;
}

/** True for an operation whose results name people by their faces, so that they can be judged again. */
export function namesFaces(service: Service | undefined, operation: string): boolean {
  const kind = declaredView(service, operation)?.kind;
  return kind === 'faces' || kind === 'video';
}
