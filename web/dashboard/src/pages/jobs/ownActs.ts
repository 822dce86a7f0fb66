import { skipToken, useQuery } from '@tanstack/react-query';
import { queryClient } from '../../api/queries';

/** Jobs that the person of this page did something to: what follows from it in a list is no surprise. */
export interface OwnActs {
  /** Deleted, as the server said. */
  readonly removed: ReadonlySet<string>;
  /** Changed, so that they may leave a list of some state. */
  readonly changed: ReadonlySet<string>;
}

const queryKey = ['own-acts'];
const none: OwnActs = { removed: new Set(), changed: new Set() };

export function noteOwnAct(kind: keyof OwnActs, ids: Iterable<string>): void {
  queryClient.setQueryData<OwnActs>(queryKey, (known = none) => ({
    ...known,
    [kind]: new Set([...known[kind], ...ids]),
  }));
}

export function useOwnActs(): OwnActs {
  return useQuery<OwnActs>({ queryKey, queryFn: skipToken, gcTime: Number.POSITIVE_INFINITY }).data ?? none;
}
