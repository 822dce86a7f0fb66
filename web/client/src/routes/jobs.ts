import type { Api } from '../http/api.js';
import type { BodyOf, CallOptions, Operation, QueryOf, Schemas, Sequence } from '../http/types.js';

type Jobs = QueryOf<Operation<'/api/jobs', 'get'>>;
type TasksOfJob = QueryOf<Operation<'/api/jobs/{id}/tasks', 'get'>>;

/** `client.jobs` */
export class JobRoutes {
  constructor(private readonly api: Api) {}

  /** One page of the jobs of a filter. */
  list(query: Jobs = {}, options: CallOptions = {}): Promise<Schemas['JobEntryPage']> {
    return this.api.request('/api/jobs', 'get', { query, ...options });
  }

  /** All jobs of a filter; pages are read as they are used. */
  all(query: Jobs = {}, options: CallOptions = {}): Sequence<Schemas['JobEntry']> {
    return this.api.all('/api/jobs', { query, ...options });
  }

  get(id: string, options: CallOptions = {}): Promise<Schemas['JobEntryDetail']> {
    return this.api.request('/api/jobs/{id}', 'get', { path: { id }, ...options });
  }

  /** Changes a job while it runs. */
  patch(id: string, change: Schemas['JobChange'], options: CallOptions = {}): Promise<Schemas['JobEntryDetail']> {
    return this.api.request('/api/jobs/{id}', 'patch', { path: { id }, body: change, ...options });
  }

  /** Deletes a job with its items and results. A running job is cancelled first; `bulk_id` says that the server removes it afterwards. */
  delete(id: string, options: CallOptions = {}): Promise<undefined | Schemas['DeleteAccepted']> {
    return this.api.request('/api/jobs/{id}', 'delete', { path: { id }, ...options });
  }

  cancel(id: string, options: CallOptions = {}): Promise<Schemas['CancelAnswer']> {
    return this.api.request('/api/queue/cancel/{id}', 'post', { path: { id }, ...options });
  }

  /** Runs what failed or was cancelled again. */
  retry(id: string, retry: Schemas['RetryRequest'] = {}, options: CallOptions = {}): Promise<Schemas['RetryAnswer']> {
    return this.api.request('/api/queue/retry/{id}', 'post', { path: { id }, body: retry, ...options });
  }

  /** Starts no further task of it until `until`, or else until somebody resumes. */
  pause(id: string, end: Schemas['PauseRequest'] = {}, options: CallOptions = {}): Promise<Schemas['JobPause']> {
    return this.api.request('/api/queue/jobs/{id}/pause', 'post', { path: { id }, body: end, ...options });
  }

  resume(id: string, options: CallOptions = {}): Promise<Schemas['JobPause']> {
    return this.api.request('/api/queue/jobs/{id}/resume', 'post', { path: { id }, ...options });
  }

  /** Makes a new job of the items of this one. */
  rerun(
    id: string,
    rerun: BodyOf<Operation<'/api/jobs/{id}/rerun', 'post'>> = {},
    options: CallOptions & { idempotencyKey?: string } = {},
  ): Promise<Schemas['SubmitAnswer']> {
    const { idempotencyKey, ...rest } = options;
    const headers = idempotencyKey === undefined ? {} : { headers: { 'Idempotency-Key': idempotencyKey } };
    return this.api.request('/api/jobs/{id}/rerun', 'post', { path: { id }, body: rerun, ...headers, ...rest });
  }

  /** Judges the faces of the job again, against the gallery of today. */
  rematch(id: string, rematch: Schemas['RematchRequest'] = {}, options: CallOptions = {}): Promise<Schemas['Rematch']> {
    return this.api.request('/api/jobs/{id}/rematch', 'post', { path: { id }, body: rematch, ...options });
  }

  /** The last rematch of the job. */
  rematchState(id: string, options: CallOptions = {}): Promise<Schemas['Rematch']> {
    return this.api.request('/api/jobs/{id}/rematch', 'get', { path: { id }, ...options });
  }

  /** One page of the tasks of a job, in the order of its items. */
  tasks(id: string, query: TasksOfJob = {}, options: CallOptions = {}): Promise<Schemas['TaskEntryPage']> {
    return this.api.request('/api/jobs/{id}/tasks', 'get', { path: { id }, query, ...options });
  }

  /** All tasks of a job; pages are read as they are used. */
  allTasks(id: string, query: TasksOfJob = {}, options: CallOptions = {}): Sequence<Schemas['TaskEntry']> {
    return this.api.all('/api/jobs/{id}/tasks', { path: { id }, query, ...options });
  }

  /** The failed tasks in groups of one reason each. */
  failures(id: string, options: CallOptions = {}): Promise<Schemas['FailurePage']> {
    return this.api.request('/api/jobs/{id}/failures', 'get', { path: { id }, ...options });
  }

  retryFailures(id: string, fingerprint: string, options: CallOptions = {}): Promise<Schemas['FailureChange']> {
    return this.api.request('/api/jobs/{id}/failures/{fingerprint}/retry', 'post', {
      path: { id, fingerprint },
      ...options,
    });
  }

  skipFailures(id: string, fingerprint: string, options: CallOptions = {}): Promise<Schemas['FailureChange']> {
    return this.api.request('/api/jobs/{id}/failures/{fingerprint}/skip', 'post', {
      path: { id, fingerprint },
      ...options,
    });
  }

  timeline(id: string, options: CallOptions = {}): Promise<Schemas['Timeline']> {
    return this.api.request('/api/jobs/{id}/timeline', 'get', { path: { id }, ...options });
  }

  /** One page of two jobs side by side. */
  compare(
    id: string,
    query: QueryOf<Operation<'/api/jobs/{id}/compare', 'get'>> = {},
    options: CallOptions = {},
  ): Promise<Schemas['Comparison']> {
    return this.api.request('/api/jobs/{id}/compare', 'get', { path: { id }, query, ...options });
  }

  /** Groups the unknown faces of a job, alone or with other jobs. */
  startClusters(id: string, clusters: Schemas['ClustersRequest'] = {}, options: CallOptions = {}) {
    return this.api.request('/api/jobs/{id}/clusters', 'post', { path: { id }, body: clusters, ...options });
  }

  /** How far the last grouping of a job is, and one page of its groups, the largest first. */
  clusters(id: string, query: QueryOf<Operation<'/api/jobs/{id}/clusters', 'get'>> = {}, options: CallOptions = {}) {
    return this.api.request('/api/jobs/{id}/clusters', 'get', { path: { id }, query, ...options });
  }

  /** Names a group: enrols its best faces and judges the jobs again. */
  nameCluster(id: string, group: string, name: Schemas['GroupName'], options: CallOptions = {}) {
    return this.api.request('/api/jobs/{id}/clusters/{group}/name', 'post', {
      path: { id, group },
      body: name,
      ...options,
    });
  }
}
