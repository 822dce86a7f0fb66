import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './search';

/**
 * The query of the address, and how to change members of it: filter, tab, range and selection live there. A change that a person would undo
 * with "back" is a step of the history, as is the default; `replace` is for what changes while somebody types. The page stays where it is
 * scrolled to, so that what was pressed stays under the pointer; a link with `to="."` says so itself, by `resetScroll={false}`.
 */
export function useSearchState(): [Search, (change: Search, replace?: boolean) => void] {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (members: Search, replace = false) => {
      void navigate({
        to: '.',
        search: (before: Search) => ({ ...before, ...members }),
        replace,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}
