import type { Clusters, Group } from './queries';

/** What the page says of the groups, of which it may have read a part. */
export interface Figures {
  readonly groups: number;
  /** Faces that nobody is known by, without those of groups that were named since. */
  readonly unknown: number;
  /** Unknown faces that are in no group; 0 while not all groups are read. */
  readonly single: number;
}

export function figuresOf(clusters: Clusters | null | undefined, groups: readonly Group[], hasMore: boolean): Figures {
  if (!clusters) return { groups: 0, unknown: 0, single: 0 };
  const facesOf = (some: readonly Group[]) => some.reduce((sum, group) => sum + group.faces, 0);
  const grouped = facesOf(groups);
  // Groups of people who were deleted are not shown; they are counted, and their faces are nobody's to name.
  const isWhole = !hasMore && groups.length === clusters.groups;
  return {
    groups: hasMore ? clusters.groups : groups.length,
    unknown: Math.max(0, clusters.unknown - facesOf(groups.filter(group => group.person))),
    single:
      isWhole && clusters.state === 'completed' && clusters.min_faces > 1 ? Math.max(0, clusters.unknown - grouped) : 0,
  };
}
