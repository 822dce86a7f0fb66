import createClient from 'openapi-fetch';
import type { paths } from './api.js';
import { server } from './server.js';

const client = createClient<paths>({ baseUrl: server });
const body = { images: ['Z29vZA==', 'Z29vZCB0b28='], config: { job_name: 'By openapi-typescript', threshold: 0.6 } };

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`${what} is wrong`);
  console.log(what);
}

const { data: acknowledged } = await client.POST('/api/visage/job', { body });
check(acknowledged?.status === 'queued' && acknowledged.task_ids?.length === 2, 'submit');
const id = acknowledged!.job_id;

const { data: status } = await client.GET('/api/queue/status/{id}', { params: { path: { id }, header: { Prefer: 'wait=60' } } });
check(status?.kind === 'job' && status.status === 'completed' && status.results.length === 2, 'wait');

const { data: waited } = await client.POST('/api/visage/job', { body, params: { header: { Prefer: 'wait=60' } } });
check(waited?.status === 'completed' && waited.results?.length === 2, 'submit and wait');

const { data: jobs } = await client.GET('/api/queue/jobs', { params: { query: { limit: 10 } } });
check(jobs?.jobs.some(job => job.job_id === id && job.state === 'completed' && job.job_name === body.config.job_name) ?? false, 'list');

const { data: results } = await client.GET('/api/queue/job/{id}/results', { params: { path: { id } } });
check(results?.results.every(result => result.state === 'completed' && result.output_json !== null) ?? false, 'read');

const { data: task } = await client.GET('/api/queue/status/{id}', { params: { path: { id: acknowledged!.task_ids![0]! } } });
check(task?.kind === 'task' && task.state === 'completed', 'read a task');

const { error } = await client.GET('/api/queue/job/{id}', { params: { path: { id: crypto.randomUUID() } } });
check(error?.status === 404, 'refusal');
