import { StashProtocolError } from '../http/errors.js';
import type { Operation, QueryOf, Schemas } from '../http/types.js';

/** A message of the server, by WebSocket or as an event. */
export type LiveMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** How far a job is: what changes while it runs. */
export interface JobProgress {
  job_id: string;
  job_name: string;
  /** The service that the job's tasks call. */
  adapter_name: string;
  state: Schemas['JobState'];
  /** Rises at every change. Of two views of a job, the one with the higher version is newer. */
  version: number;
  total_tasks: number;
  /** Tasks that wait: for a free slot, for their start or for their next attempt. */
  pending_tasks: number;
  running_tasks: number;
  completed_tasks: number;
  failed_tasks: number;
  cancelled_tasks: number;
  /** Completed tasks that got a known result, without a call. */
  cached_tasks: number;
  /** Completed tasks in percent of all; failed ones do not count. */
  progress_percentage: number;
  /** Tasks that have ended, in percent of all. */
  processed_percentage: number;
}

/** How far a task is. */
export interface TaskProgress {
  task_id: string;
  job_id: string;
  state: Schemas['TaskState'];
  /** Rises at every change. */
  version: number;
  /** Why it failed, or why it will be retried. */
  error_message: string | null;
  /** How long the last call took. */
  processing_time_ms: number | null;
}

/** The filters of a list of jobs, as `GET /api/jobs` has them. */
export type JobFilter = Omit<QueryOf<Operation<'/api/jobs', 'get'>>, 'limit' | 'cursor' | 'sort'>;

/** News of a list of jobs: its first page, which replaces what was shown, or what changed. */
export type JobListUpdate =
  | { kind: 'page'; jobs: Schemas['JobEntry'][]; next: string | null; total: number; total_is_exact: boolean }
  | {
      kind: 'changes';
      /** Jobs that are new or changed. */
      jobs: Schemas['JobEntry'][];
      /** Jobs that do not match any more. You may not have seen all of them. */
      left: Schemas['JobEntry'][];
      /** The ids of jobs that were deleted. You may not have seen all of them. */
      removed: string[];
    };

/** News of the services: all of them, which replace what was shown, or those that changed. */
export type ServiceListUpdate =
  | {
      kind: 'page';
      services: Schemas['Service'][];
      everything_paused: boolean;
      /** When that pause ends by itself; null without one, or until somebody resumes. Older servers leave it out. */
      everything_paused_until?: string | null;
    }
  | {
      kind: 'changes';
      services: Schemas['Service'][];
      /** The names of services that are gone. */
      removed: string[];
      everything_paused: boolean;
      everything_paused_until?: string | null;
    };

/** Something to follow. */
export interface Topic<T> {
  /** Tells it from others on the same socket. */
  key: string;
  /** What the server calls it. */
  subject: Readonly<Record<string, unknown>>;
  subscribe: string;
  unsubscribe: string;
  /** The parameters of the event stream. */
  events: Readonly<Record<string, string>>;
  /** Reads a message; undefined for one that is about something else. */
  read(message: LiveMessage): T | undefined;
}

/** Follows a job. */
export function jobTopic(id: string): Topic<JobProgress> {
  return {
    key: `job ${id}`,
    subject: { job_id: id },
    subscribe: 'subscribe_job',
    unsubscribe: 'unsubscribe_job',
    events: { job_id: id },
    read: message =>
      message.type === 'job_progress' && message.job_id === id ? (message as unknown as JobProgress) : undefined,
  };
}

/** Follows a task. */
export function taskTopic(id: string): Topic<TaskProgress> {
  return {
    key: `task ${id}`,
    subject: { task_id: id },
    subscribe: 'subscribe_task',
    unsubscribe: 'unsubscribe_task',
    events: { task_id: id },
    read: message =>
      message.type === 'task_status' && message.task_id === id ? (message as unknown as TaskProgress) : undefined,
  };
}

/** Follows the statistics of the queue. */
export const queueStatsTopic: Topic<Schemas['QueueStats']> = {
  key: 'queue_stats',
  subject: {},
  subscribe: 'subscribe_queue_stats',
  unsubscribe: 'unsubscribe_queue_stats',
  events: { queue_stats: '1' },
  read: message => (message.type === 'queue_stats' ? (message.data as Schemas['QueueStats']) : undefined),
};

/** Follows a list of jobs under a name that no other list of the socket has. */
export function jobsTopic(filter: JobFilter, name: string): Topic<JobListUpdate> {
  const members: Record<string, string> = {};
  for (const [member, value] of Object.entries(filter)) {
    if (value !== undefined && value !== null) members[member] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return {
    key: `jobs ${name}`,
    subject: { filter: members, name },
    subscribe: 'subscribe_jobs',
    unsubscribe: 'unsubscribe_jobs',
    events: { jobs: new URLSearchParams(members).toString().replaceAll('+', '%20') || '1' },
    read: message => (message.name === name || message.name === '' ? readJobs(message) : undefined),
  };
}

/** Follows the services. */
export const servicesTopic: Topic<ServiceListUpdate> = {
  key: 'services',
  subject: {},
  subscribe: 'subscribe_services',
  unsubscribe: 'unsubscribe_services',
  events: { services: '1' },
  read: message =>
    message.type === 'services'
      ? ({ ...body(message), kind: 'page' } as ServiceListUpdate)
      : message.type === 'services_changed'
        ? ({ ...body(message), kind: 'changes' } as ServiceListUpdate)
        : undefined,
};

function readJobs(message: LiveMessage): JobListUpdate | undefined {
  if (message.type === 'jobs') {
    const { data, ...rest } = body(message);
    return { ...rest, jobs: data, kind: 'page' } as JobListUpdate;
  }
  return message.type === 'jobs_changed' ? ({ ...body(message), kind: 'changes' } as JobListUpdate) : undefined;
}

function body(message: LiveMessage): Record<string, unknown> {
  const { type: _type, name: _name, timestamp: _timestamp, ...rest } = message;
  return rest;
}

/** A message from its text. */
export function parseMessage(text: string): LiveMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StashProtocolError('A live message is not JSON.', { cause: error });
  }
  if (typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string')
    return value as LiveMessage;
  throw new StashProtocolError('A live message has no type.');
}

/** The same numbers from the view of a job. */
export function progressOf(job: Schemas['JobEntry']): JobProgress {
  const { tasks } = job;
  return {
    job_id: job.id,
    job_name: job.name,
    adapter_name: job.service,
    state: job.state,
    version: job.version,
    total_tasks: tasks.total,
    pending_tasks: tasks.available + tasks.scheduled,
    running_tasks: tasks.running,
    completed_tasks: tasks.completed,
    failed_tasks: tasks.failed,
    cancelled_tasks: tasks.cancelled,
    cached_tasks: tasks.cached,
    progress_percentage: job.progress_percentage,
    processed_percentage: job.processed_percentage,
  };
}

/** The same from the view of a task. */
export function taskProgressOf(task: Schemas['TaskEntry']): TaskProgress {
  const { id, job_id, state, version, error_message, processing_ms } = task;
  return { task_id: id, job_id, state, version, error_message, processing_time_ms: processing_ms };
}

/** True when the job has ended. A retry by a person can start it again. */
export function isOver(job: { state: string }): boolean {
  return job.state === 'completed' || job.state === 'partial' || job.state === 'failed' || job.state === 'cancelled';
}
