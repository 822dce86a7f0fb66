import type { JobListUpdate, ServiceListUpdate } from '@stashai/client';
import type { QueryClient } from '@tanstack/react-query';
import type { Job, JobDetail, Services } from '../api/types';

/** The last state of a followed list of jobs: its first page, and what came since. */
export interface LiveList {
  readonly data: readonly Job[];
  readonly next: string | null;
  readonly total: number;
  readonly total_is_exact: boolean;
  /** Ids that came after the first page, newest first: they may wait behind "17 new". */
  readonly arrived: readonly string[];
  /** How many came after that and are not kept, because a page that stays open for days would grow without end: read the list again. */
  readonly missed?: number;
  /** The newest id that was counted, kept or not. */
  readonly newest?: string;
}

/** So many jobs that came are kept. Five a second would otherwise be 400,000 in a day. */
const mostArrived = 500;

export const liveListKey = (topic: string) => ['live-jobs', topic] as const;

/** Puts news of a list of jobs into the list, and into the pages of its jobs. */
export function applyJobs(queries: QueryClient, topic: string, update: JobListUpdate): void {
  if (update.kind === 'page') {
    const { next, total, total_is_exact } = update;
    queries.setQueryData<LiveList>(liveListKey(topic), { data: update.jobs, next, total, total_is_exact, arrived: [] });
  } else {
    queries.setQueryData<LiveList>(
      liveListKey(topic),
      known => known && withJobs(known, update.jobs, update.left, update.removed),
    );
    for (const job of [...update.jobs, ...update.left]) applyJob(queries, job);
    // Deleted, here or elsewhere: a page of it asks again, and hears so.
    for (const id of update.removed) void queries.invalidateQueries({ queryKey: ['job', id] });
  }
}

/** Puts a newer state of a job into its page. */
export function applyJob(queries: QueryClient, job: Job): void {
  queries.setQueryData<JobDetail>(['job', job.id], known =>
    known && known.version < job.version ? { ...known, ...job } : known,
  );
}

/** A list after a change: known jobs stay where they are, new ones are counted and come first. */
export function withJobs(
  list: LiveList,
  changed: readonly Job[],
  left: readonly Job[],
  removed: readonly string[],
): LiveList {
  const known = new Map(list.data.map(job => [job.id, job]));
  const arrived: Job[] = [];
  const isFull = list.arrived.length >= mostArrived;
  let { missed = 0, newest = '' } = list;
  for (const job of changed) {
    const before = known.get(job.id);
    if (!before && !isFull) arrived.push(job);
    // Ids begin with their time: an older one was counted when it came.
    else if (!before && job.id > newest) missed++;
    else if (before && before.version < job.version) known.set(job.id, job);
    if (job.id > newest) newest = job.id;
  }
  const gone = new Set(removed);
  for (const job of left) gone.add(job.id);
  const kept = list.data.filter(job => !gone.has(job.id)).map(job => known.get(job.id)!);
  const lost = list.data.length - kept.length;
  arrived.sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
  return {
    ...list,
    data: [...arrived, ...kept],
    total: Math.max(0, list.total + arrived.length + missed - (list.missed ?? 0) - lost),
    missed,
    newest,
    arrived: [...arrived.map(job => job.id), ...list.arrived.filter(id => !gone.has(id))],
  };
}

/** The services after news of them. */
export function withServices(known: Services | undefined, update: ServiceListUpdate): Services | undefined {
  const { everything_paused, everything_paused_until = null } = update;
  const everything = { everything_paused, everything_paused_until };
  if (update.kind === 'page') return { services: update.services, ...everything };
  if (!known) return known;
  const changed = new Map(update.services.map(service => [service.name, service]));
  const removed = new Set(update.removed);
  const kept = known.services
    .filter(service => !removed.has(service.name))
    .map(service => {
      const next = changed.get(service.name);
      changed.delete(service.name);
      return next ?? service;
    });
  return { services: [...kept, ...changed.values()].sort((a, b) => a.name.localeCompare(b.name)), ...everything };
}
