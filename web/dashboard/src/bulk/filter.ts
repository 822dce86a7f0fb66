import type { Schemas } from '../api/types';
import type { Filter } from '../filter/parse';

export type BulkFilter = Schemas['BulkFilter'];
/** What can be done to many jobs at once; the groups of unknown faces are made for one job. */
export type BulkAction = Exclude<Schemas['BulkAction'], 'group'>;

/** Jobs to act on: those that were selected, or all that match a filter. */
export type Chosen = { readonly ids: readonly string[] } | { readonly filter: Filter };

/** What an action on many jobs is asked for with: a filter without members means every job, and must be said to. */
export function bulkRequest(chosen: Chosen): { filter: BulkFilter; all?: true } {
  if ('ids' in chosen) return { filter: { ids: [...chosen.ids] } };
  const { state, paused, ...rest } = chosen.filter;
  const filter: BulkFilter = {
    ...rest,
    ...(state ? { state: state.split(',').map(word => word.trim()) } : {}),
    ...(paused ? { paused: paused === 'true' } : {}),
  };
  return Object.keys(filter).length === 0 ? { filter, all: true } : { filter };
}
