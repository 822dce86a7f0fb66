import type { Service } from '../api/types';
import { isObject } from './pointer';
import type { ServiceView } from './types';

/** How a service says that its results are to be shown; undefined where it says nothing. */
export function declaredView(service: Service | undefined): ServiceView | undefined {
  const view = (service as { readonly view?: unknown } | undefined)?.view;
  return isObject(view) && typeof view.kind === 'string' ? { ...view, kind: view.kind } : undefined;
}
