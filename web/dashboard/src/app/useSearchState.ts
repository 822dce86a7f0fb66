import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './search';

/**
 * The query of the address, and how to change members of it: filter, tab, range and selection live there. A change that a person would undo
 * with "back" is a step of the history, as is the default; `replace` is for what changes while somebody types.
 */
export function useSearchState(): [Search, (change: Search, replace?: boolean) => void] {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (members: Search, replace = false) => {
      void navigate({ to: '.', search: (before: Search) => ({ ...before, ...members }), replace });
    },
    [navigate],
  );
  return [search, change];
}
