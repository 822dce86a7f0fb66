import { expect, test } from 'vitest';
import {
  isOver,
  jobsTopic,
  progressOf,
  queueStatsTopic,
  servicesTopic,
  taskProgressOf,
  taskTopic,
} from './messages.js';

test('a filter is members on the socket, and a query string in the events', () => {
  const topic = jobsTopic({ state: 'failed,partial', name: 'list 100%_ü&=', tag: undefined } as never, 'l');
  expect(topic.subject).toEqual({ filter: { state: 'failed,partial', name: 'list 100%_ü&=' }, name: 'l' });
  expect(topic.events).toEqual({ jobs: 'state=failed%2Cpartial&name=list%20100%25_%C3%BC%26%3D' });
  expect(jobsTopic({}, 'l').events).toEqual({ jobs: '1' });
});

test('changes of a list are told from its page and from other lists', () => {
  const { read } = jobsTopic({}, 'l');
  const changed = { type: 'jobs_changed', name: 'l', jobs: [], left: [], removed: ['a'], timestamp: '' };
  expect(read(changed)).toEqual({ kind: 'changes', jobs: [], left: [], removed: ['a'] });
  expect(read({ ...changed, name: 'm' })).toBeUndefined();
  // An event stream has one list, without a name.
  expect(read({ ...changed, name: '' })).toMatchObject({ kind: 'changes' });
  expect(read({ type: 'services', name: 'l' })).toBeUndefined();
});

test('services come as a page and as changes', () => {
  const services = { type: 'services', services: [], everything_paused: true, timestamp: '' };
  expect(servicesTopic.read(services)).toEqual({ kind: 'page', services: [], everything_paused: true });
  expect(servicesTopic.read({ ...services, type: 'services_changed', removed: ['a'] })).toMatchObject({
    kind: 'changes',
    removed: ['a'],
  });
  expect(servicesTopic.read({ type: 'pong' })).toBeUndefined();
});

test('the view of a job has the numbers of its progress', () => {
  const tasks = { total: 10, available: 1, scheduled: 2, running: 3, completed: 2, failed: 1, cancelled: 1, cached: 1 };
  const job = {
    id: 'a',
    name: 'n',
    service: 's',
    state: 'running',
    version: 7,
    tasks,
    progress_percentage: 20,
    processed_percentage: 40,
  };
  expect(progressOf(job as never)).toEqual({
    job_id: 'a',
    job_name: 'n',
    adapter_name: 's',
    state: 'running',
    version: 7,
    total_tasks: 10,
    pending_tasks: 3,
    running_tasks: 3,
    completed_tasks: 2,
    failed_tasks: 1,
    cancelled_tasks: 1,
    cached_tasks: 1,
    progress_percentage: 20,
    processed_percentage: 40,
  });
});

test('a task and the statistics are told from other messages', () => {
  const status = {
    type: 'task_status',
    task_id: 'a',
    job_id: 'b',
    state: 'failed',
    version: 3,
    error_message: 'x',
    processing_time_ms: 5,
  };
  expect(taskTopic('a').read(status)).toBe(status);
  expect(taskTopic('b').read(status)).toBeUndefined();
  const { type: _type, ...progress } = status;
  expect(taskProgressOf({ ...progress, id: 'a', processing_ms: 5 } as never)).toEqual(progress);
  expect(queueStatsTopic.read({ type: 'queue_stats', data: { running: 1 } })).toEqual({ running: 1 });
  expect(queueStatsTopic.read(status)).toBeUndefined();
});

test('four states are ends', () => {
  const states = ['pending', 'scheduled', 'running', 'completed', 'partial', 'failed', 'cancelled'];
  expect(states.filter(state => isOver({ state }))).toEqual(['completed', 'partial', 'failed', 'cancelled']);
});
