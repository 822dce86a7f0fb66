import type { Api } from '../http/api.js';
import type { Schemas, Sequence } from '../http/types.js';
import type { Clock } from '../http/waiting.js';
import { followEvents } from './events.js';
import { keepFollowing, type Source } from './following.js';
import {
  isOver,
  type JobFilter,
  type JobListUpdate,
  type JobProgress,
  jobsTopic,
  jobTopic,
  progressOf,
  queueStatsTopic,
  type ServiceListUpdate,
  servicesTopic,
  type TaskProgress,
  type Topic,
  taskProgressOf,
  taskTopic,
} from './messages.js';
import { SharedSocket, type SocketClass } from './socket.js';
import { LiveMonitor } from './status.js';

export interface WatchOptions {
  /** Ends the watch; it then throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface WatchSettings {
  pollInterval: number;
  patience: number;
  socketClass: SocketClass | undefined;
}

/** Follows jobs, lists of jobs and services: by one WebSocket, else by event streams, else by polling. */
export class Watches {
  readonly monitor: LiveMonitor;
  private readonly socket: SharedSocket;
  private lists = 0;

  constructor(
    private readonly api: Api,
    private readonly settings: WatchSettings,
  ) {
    this.monitor = new LiveMonitor(() => this.clock.now());
    this.socket = new SharedSocket(api, settings.socketClass);
  }

  private get clock(): Clock {
    return this.api.sender.clock;
  }

  async *job(id: string, { signal }: WatchOptions = {}): Sequence<JobProgress> {
    const read = async () => progressOf(await this.api.request('/api/jobs/{id}', 'get', { path: { id }, signal }));
    // Says at once when the server is not there, wants another key, or does not know the job.
    let last = await read();
    yield last;
    if (isOver(last)) return;
    for await (const progress of this.follow(jobTopic(last.job_id), read, signal)) {
      if (progress.version <= last.version) continue;
      last = progress;
      yield progress;
      if (isOver(progress)) return;
    }
  }

  async *jobs(filter: JobFilter, { signal }: WatchOptions = {}): Sequence<JobListUpdate> {
    const read = async (): Promise<JobListUpdate> => {
      const { data, ...page } = await this.api.request('/api/jobs', 'get', {
        query: { ...filter, limit: 100 },
        signal,
      });
      return { kind: 'page', jobs: data, ...page };
    };
    // Says at once when the server refuses the filter. The jobs come with the first news.
    await this.api.request('/api/jobs', 'get', { query: { ...filter, limit: 1 }, signal });
    yield* this.follow(jobsTopic(filter, `list-${++this.lists}`), read, signal);
  }

  async *services({ signal }: WatchOptions = {}): Sequence<ServiceListUpdate> {
    const read = async (): Promise<ServiceListUpdate> => {
      const { timestamp: _timestamp, ...services } = await this.api.request('/api/services', 'get', { signal });
      return { kind: 'page', ...services };
    };
    await read();
    yield* this.follow(servicesTopic, read, signal);
  }

  async *task(id: string, { signal }: WatchOptions = {}): Sequence<TaskProgress> {
    const read = async () =>
      taskProgressOf(
        await this.api.request('/api/tasks/{id}', 'get', { path: { id }, query: { inputs: 'none' }, signal }),
      );
    let last = await read();
    yield last;
    if (isOver(last)) return;
    for await (const progress of this.follow(taskTopic(last.task_id), read, signal)) {
      if (progress.version <= last.version) continue;
      last = progress;
      yield progress;
      if (isOver(progress)) return;
    }
  }

  async *queueStats({ signal }: WatchOptions = {}): Sequence<Schemas['QueueStats']> {
    const read = () => this.api.request('/api/queue/stats', 'get', { signal });
    await read();
    yield* this.follow(queueStatsTopic, read, signal);
  }

  private follow<T>(topic: Topic<T>, read: () => Promise<T>, signal: AbortSignal | undefined): Sequence<T> {
    const sources: Source<T>[] = [
      { state: 'socket', open: () => this.socket.follow(topic, signal) },
      { state: 'events', open: () => followEvents(this.api.sender, topic, signal) },
      { state: 'polling', open: () => this.poll(read, signal) },
    ];
    return keepFollowing(sources, {
      clock: this.clock,
      monitor: this.monitor,
      patience: this.settings.patience,
      signal,
    });
  }

  /** The state again and again; one that has not changed is left out. */
  private async *poll<T>(read: () => Promise<T>, signal: AbortSignal | undefined): Sequence<T> {
    for (let before = ''; ; ) {
      const now = await read();
      const text = JSON.stringify(now);
      if (text !== before) yield now;
      before = text;
      await this.clock.wait(this.settings.pollInterval, signal);
    }
  }
}
