import { useSuspenseQuery } from '@tanstack/react-query';
import { queries } from '../api/queries';
import { roleIncludes } from '../api/roles';
import type { Me, Role } from '../api/types';

/** Who uses the page, and what the server can do. The shell shows pages only once it knows. */
export function useMe(): Me {
  return useSuspenseQuery(queries.me).data;
}

/** True if the caller's role includes this one. What it may not do is not offered. */
export function useMay(role: Role): boolean {
  return roleIncludes(useMe().role, role);
}

/** True if the server has this feature of `GET /api/me`. */
export function useFeature(feature: string): boolean {
  return useMe().features.includes(feature);
}
