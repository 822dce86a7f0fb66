import { serverAddress } from './http/address.js';
import { Api } from './http/api.js';
import { Sender } from './http/sender.js';
import type {
  AnswerOf,
  CallOptions,
  EntryOf,
  MethodOf,
  Operation,
  PagePath,
  Path,
  QueryOf,
  RequestArguments,
  RequestOptions,
  Schemas,
  Sequence,
} from './http/types.js';
import { type Clock, systemClock } from './http/waiting.js';
import type { JobFilter, JobListUpdate, JobProgress, ServiceListUpdate, TaskProgress } from './live/messages.js';
import type { SocketClass } from './live/socket.js';
import type { LiveMonitor } from './live/status.js';
import { Watches, type WatchOptions } from './live/watches.js';
import { type JobResult, type ResultOptions, readResults } from './results.js';
import { BulkRoutes } from './routes/bulk.js';
import { JobRoutes } from './routes/jobs.js';
import { KeyRoutes } from './routes/keys.js';
import { PeopleRoutes } from './routes/people.js';
import { ScheduleRoutes } from './routes/schedules.js';
import { ServiceRoutes } from './routes/services.js';
import { TaskRoutes } from './routes/tasks.js';
import { WebhookRoutes } from './routes/webhooks.js';
import type { FileItem, Json, Submission, SubmitOptions } from './submit/options.js';
import { Submitting } from './submit/submitting.js';

/** How a client talks to its server. Times are in milliseconds. */
export interface StashClientOptions {
  /** The address of the server. In a page it may be relative: `document.baseURI` or `./`. */
  baseUrl: string | URL;
  /** The API key; none for a server without keys, and for pages of the server, which have a cookie. */
  apiKey?: string | undefined;
  /** Sends requests; the `fetch` of the environment by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** The class of WebSockets; that of the environment by default. Node.js before 22 has none: give that of the package `ws`, or leave it. */
  WebSocket?: SocketClass | null | undefined;
  /** How long one attempt of a request may take, uploads and streams excepted. The default is 100 seconds. */
  timeout?: number | undefined;
  /** How often a request that may be repeated is sent again after a fault, 0 for never. The default is 3. */
  maxRetries?: number | undefined;
  /** How often the state is asked for where neither WebSocket nor event stream get through. The default is 1 second. */
  pollInterval?: number | undefined;
  /** After so long without news and without a connection a watch gives up. The default is 10 minutes. */
  watchPatience?: number | undefined;
  /** After so long without an answer a large upload gives up; what was sent stays on the server for a day. The default is 2 minutes. */
  uploadPatience?: number | undefined;
  /** A body of more bytes is sent in chunks, which the server keeps. The default is 8,000,000. */
  chunkAbove?: number | undefined;
  /** Tells the time and waits; for tests. */
  clock?: Clock | undefined;
}

/** Talks to a StashAI server. One client serves a whole program or page. */
export class StashClient {
  readonly jobs: JobRoutes;
  readonly tasks: TaskRoutes;
  readonly services: ServiceRoutes;
  readonly people: PeopleRoutes;
  readonly bulk: BulkRoutes;
  readonly schedules: ScheduleRoutes;
  readonly keys: KeyRoutes;
  readonly webhooks: WebhookRoutes;
  private readonly api: Api;
  private readonly watches: Watches;
  private readonly submitting: Submitting;
  private readonly watchPatience: number;

  constructor(options: StashClientOptions) {
    const sender = new Sender({
      server: serverAddress(options.baseUrl),
      apiKey: options.apiKey,
      // As a method of the environment: browsers refuse a `fetch` that was taken off its window.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeout: options.timeout ?? 100_000,
      maxRetries: options.maxRetries ?? 3,
      clock: options.clock ?? systemClock,
    });
    this.api = new Api(sender);
    this.watchPatience = options.watchPatience ?? 600_000;
    const environment = (globalThis as { WebSocket?: SocketClass }).WebSocket;
    this.watches = new Watches(this.api, {
      pollInterval: options.pollInterval ?? 1000,
      patience: this.watchPatience,
      socketClass: options.WebSocket === null ? undefined : (options.WebSocket ?? environment),
    });
    this.submitting = new Submitting(this.api, {
      chunkAbove: options.chunkAbove ?? 8_000_000,
      patience: options.uploadPatience ?? 120_000,
    });
    this.jobs = new JobRoutes(this.api);
    this.tasks = new TaskRoutes(this.api);
    this.services = new ServiceRoutes(this.api);
    this.people = new PeopleRoutes(this.api);
    this.bulk = new BulkRoutes(this.api);
    this.schedules = new ScheduleRoutes(this.api);
    this.keys = new KeyRoutes(this.api);
    this.webhooks = new WebhookRoutes(this.api);
  }

  /** How news comes, for a banner while the server restarts. */
  get live(): Pick<LiveMonitor, 'status' | 'onChange'> {
    return this.watches.monitor;
  }

  /** Calls any route: its path as the OpenAPI document writes it, and its method. The types follow from both. */
  request<P extends Path, M extends MethodOf<P>>(
    path: P,
    method: M,
    ...options: RequestArguments<Operation<P, M>>
  ): Promise<AnswerOf<Operation<P, M>>> {
    return this.api.request(path, method, ...options);
  }

  /** Calls any route and gives the answer as it comes: for streams and files. */
  open<P extends Path, M extends MethodOf<P>>(
    path: P,
    method: M,
    ...options: RequestArguments<Operation<P, M>>
  ): Promise<Response> {
    return this.api.open(path, method, ...options);
  }

  /** The entries of any list that has pages, which are read as they are used. */
  all<P extends PagePath>(path: P, options?: RequestOptions<Operation<P, 'get'>>): Sequence<EntryOf<P>> {
    return this.api.all(path, options as Parameters<typeof this.api.all<P>>[1]);
  }

  /**
   * Makes a job of JSON items.
   * @param target The service, or `SERVICE.OPERATION`.
   */
  submit(
    target: string,
    items: Iterable<Json> | AsyncIterable<Json>,
    options: SubmitOptions = {},
  ): Promise<Submission> {
    return this.submitting.items(target, items, options);
  }

  /** Makes a job of files, which are read while they are sent. */
  submitFiles(target: string, files: Iterable<FileItem | Blob>, options: SubmitOptions = {}): Promise<Submission> {
    return this.submitting.files(target, files, options);
  }

  /** Makes a job of lines of JSON (NDJSON), such as those of a file. */
  submitLines(target: string, lines: string | Blob, options: SubmitOptions = {}): Promise<Submission> {
    return this.submitting.lines(target, lines, options);
  }

  /** Follows a job to its end: the state at once, then what changes. */
  watch(jobId: string, options?: WatchOptions): Sequence<JobProgress> {
    return this.watches.job(jobId, options);
  }

  /** Follows the jobs of a filter without an end: a page, then what changes. After a reconnect it begins with a page again. */
  watchJobs(filter: JobFilter = {}, options?: WatchOptions): Sequence<JobListUpdate> {
    return this.watches.jobs(filter, options);
  }

  /** Follows the services without an end: all of them, then what changes. */
  watchServices(options?: WatchOptions): Sequence<ServiceListUpdate> {
    return this.watches.services(options);
  }

  /** Follows a task to its end. */
  watchTask(taskId: string, options?: WatchOptions): Sequence<TaskProgress> {
    return this.watches.task(taskId, options);
  }

  /** Follows the statistics of the queue without an end. */
  watchQueueStats(options?: WatchOptions): Sequence<Schemas['QueueStats']> {
    return this.watches.queueStats(options);
  }

  /** Waits for the end of a job. */
  async wait(jobId: string, options?: WatchOptions): Promise<JobProgress> {
    let last: JobProgress | undefined;
    for await (const progress of this.watch(jobId, options)) last = progress;
    return last as JobProgress;
  }

  /** The results of a job, one by one; `follow` waits for those that are missing. */
  results<T = unknown>(jobId: string, options: ResultOptions = {}): Sequence<JobResult<T>> {
    return readResults<T>(this.api, jobId, options, this.watchPatience);
  }

  /** Who calls, and what the server can do. */
  me(options: CallOptions = {}): Promise<Schemas['Me']> {
    return this.api.request('/api/me', 'get', options);
  }

  /** What calls cost, by day, key and service. */
  costs(query: QueryOf<Operation<'/api/costs', 'get'>> = {}, options: CallOptions = {}): Promise<Schemas['Costs']> {
    return this.api.request('/api/costs', 'get', { query, ...options });
  }

  /** What happened over time. */
  series(query: QueryOf<Operation<'/api/series', 'get'>> = {}, options: CallOptions = {}): Promise<Schemas['Series']> {
    return this.api.request('/api/series', 'get', { query, ...options });
  }

  /** One page of the changes by people, newest first. */
  audit(query: QueryOf<Operation<'/api/audit', 'get'>> = {}, options: CallOptions = {}): Promise<Schemas['AuditPage']> {
    return this.api.request('/api/audit', 'get', { query, ...options });
  }

  /** What a job would take. */
  quote(request: Schemas['QuoteRequest'], options: CallOptions = {}): Promise<Schemas['Quote']> {
    return this.api.request('/api/quote', 'post', { body: request, ...options });
  }

  /** The versions of what runs there, the room on its disk and the size of its database. */
  server(options: CallOptions = {}): Promise<Schemas['Server']> {
    return this.api.request('/api/server', 'get', { ...options });
  }

  /** One page of the processes that are alive. */
  nodes(query: QueryOf<Operation<'/api/nodes', 'get'>> = {}, options: CallOptions = {}): Promise<Schemas['NodePage']> {
    return this.api.request('/api/nodes', 'get', { query, ...options });
  }

  /** How the server is. */
  health(options: CallOptions = {}): Promise<Schemas['Health']> {
    return this.api.request('/health', 'get', options);
  }

  /** Logs a page of the server in; the browser keeps a cookie. */
  login(key: string, options: CallOptions = {}): Promise<Schemas['Me']> {
    return this.api.request('/api/login', 'post', { body: { key }, ...options });
  }

  async logout(options: CallOptions = {}): Promise<void> {
    await this.api.request('/api/logout', 'post', options);
  }
}
