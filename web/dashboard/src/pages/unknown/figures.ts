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
    unknown: Math.max(0, clusters.unknown - groups.reduce((sum, group) => sum + namedFacesOf(group), 0)),
    single:
      isWhole && clusters.state === 'completed' && clusters.min_faces > 1 ? Math.max(0, clusters.unknown - grouped) : 0,
  };
}

/** How many faces of a group have its name. */
const namedFacesOf = ({ person, faces, rejected }: Group) => (person ? faces - rejected : 0);

type At = string | null | undefined;

/**
 * True if faces were grouped before something that may have changed which of them are unknown: names and rejections, after which results
 * were judged again, or tasks that were tried again.
 */
export function isOutdated(
  clusters: { readonly state: string; readonly started_at: At; readonly gallery_version: number | null } | undefined,
  rematch: { readonly state: string; readonly updated_at: At; readonly gallery_version: number | null } | undefined,
  job: { readonly finished_at: At },
): boolean {
  if (clusters?.state !== 'completed' || !clusters.started_at) return false;
  const since = Date.parse(clusters.started_at);
  const isLater = (at: At) => !!at && Date.parse(at) > since;
  if (isLater(job.finished_at)) return true;
  if (rematch?.state !== 'completed') return false;
  return clusters.gallery_version === null || rematch.gallery_version === null
    ? isLater(rematch.updated_at)
    : rematch.gallery_version > clusters.gallery_version;
}
