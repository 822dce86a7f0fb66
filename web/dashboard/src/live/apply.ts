import type { QueryClient } from '@tanstack/react-query';
import type { Job, JobDetail, Page, QueueStats, Service, Services } from '../api/types';
import type { LiveMessage } from './topics';

/** The last state of a followed list of jobs. Its key is that of the topic. */
export interface LiveList extends Page<Job> {
  /** Ids that came after the first page, newest first: they wait behind "17 new". */
  readonly arrived: readonly string[];
}

export const liveListKey = (name: string) => ['live-jobs', name] as const;

/** Puts a message of the server into what the pages show. */
export function applyMessage(client: QueryClient, message: LiveMessage): void {
  switch (message.type) {
    case 'services':
      client.setQueryData<Services>(['services'], {
        services: message.services as Service[],
        everything_paused: message.everything_paused as boolean,
      });
      break;
    case 'services_changed':
      client.setQueryData<Services>(['services'], known => known && withServices(known, message));
      break;
    case 'jobs':
      client.setQueryData<LiveList>(liveListKey(message.name as string), {
        data: message.data as Job[],
        next: message.next as string | null,
        total: message.total as number,
        total_is_exact: message.total_is_exact as boolean,
        arrived: [],
      });
      break;
    case 'jobs_changed':
      applyJobs(client, message);
      break;
    case 'job_progress':
      void client.invalidateQueries({ queryKey: ['job', message.job_id] });
      break;
    case 'task_status':
      void client.invalidateQueries({ queryKey: ['task', message.task_id] });
      break;
    case 'queue_stats':
      client.setQueryData<QueueStats>(['stats'], message.data as QueueStats);
      break;
  }
}

function applyJobs(client: QueryClient, message: LiveMessage): void {
  const changed = message.jobs as Job[];
  const left = message.left as Job[];
  const removed = message.removed as string[];
  client.setQueryData<LiveList>(
    liveListKey(message.name as string),
    known => known && withJobs(known, changed, left, removed),
  );
  for (const job of [...changed, ...left]) {
    client.setQueryData<JobDetail>(['job', job.id], known =>
      known && known.version < job.version ? { ...known, ...job } : known,
    );
  }
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
  for (const job of changed) {
    const before = known.get(job.id);
    if (!before) arrived.push(job);
    else if (before.version < job.version) known.set(job.id, job);
  }
  const gone = new Set(removed);
  for (const job of left) gone.add(job.id);
  const kept = list.data.filter(job => !gone.has(job.id)).map(job => known.get(job.id)!);
  const lost = list.data.length - kept.length;
  arrived.sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
  return {
    ...list,
    data: [...arrived, ...kept],
    total: Math.max(0, list.total + arrived.length - lost),
    arrived: [...arrived.map(job => job.id), ...list.arrived.filter(id => !gone.has(id))],
  };
}

function withServices(known: Services, message: LiveMessage): Services {
  const changed = new Map((message.services as Service[]).map(service => [service.name, service]));
  const removed = new Set(message.removed as string[]);
  const kept = known.services
    .filter(service => !removed.has(service.name))
    .map(service => {
      const next = changed.get(service.name);
      changed.delete(service.name);
      return next ?? service;
    });
  return {
    services: [...kept, ...changed.values()].sort((a, b) => a.name.localeCompare(b.name)),
    everything_paused: message.everything_paused as boolean,
  };
}
