import { queryClient } from '../../api/queries';
import type { Job, Schemas } from '../../api/types';
import { rematchKey } from '../../views/faces/useRematch';
import { isOutdated } from './figures';
import { type Clusters, groupsOf } from './queries';

type Rematch = Schemas['Rematch'];

/** What the names that were given on the page of a job changed: nothing that its groups do not show. */
export interface OwnNames {
  /** The judging again that followed the last name. */
  readonly bulk: string | null;
  /** The gallery's version that it judged by, once that is known. */
  readonly version: number | null;
}

const keyOf = (jobId: string) => `named:${jobId}`;

/** The tab remembers it, also after the page was loaded again. */
export function ownNamesOf(jobId: string): OwnNames | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(jobId)) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(jobId: string, own: OwnNames) {
  try {
    sessionStorage.setItem(keyOf(jobId), JSON.stringify(own));
  } catch {
    // A browser that keeps nothing says once too often that groups are old.
  }
}

/** Notes that a name of these groups began a judging; not where they were old before it. */
export function noteName(job: Job, started: Rematch): void {
  const clusters: Clusters | null | undefined = queryClient.getQueryData(groupsOf(job.id).queryKey)?.pages[0];
  const before = queryClient.getQueryData<Rematch | null>(rematchKey(job.id));
  const own = ownNamesOf(job.id);
  if (clusters && isOutdated(clusters, before ?? undefined, job, own)) return;
  keep(job.id, { bulk: started.bulk, version: own?.version ?? null });
}

/** Notes the version of the gallery when that judging ended. */
export function noteEnd(jobId: string, rematch: Rematch): void {
  const own = ownNamesOf(jobId);
  if (own && own.bulk === rematch.bulk && rematch.state === 'completed' && own.version !== rematch.gallery_version)
    keep(jobId, { bulk: own.bulk, version: rematch.gallery_version });
}
