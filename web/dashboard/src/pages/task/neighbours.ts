import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Task } from '../../api/types';

const pageSize = 500;
const mostPages = 20;

/** The id of the first failed task of the job behind this one; null for none. */
export function nextFailed(task: Pick<Task, 'job_id' | 'index'>) {
  return queryOptions({
    queryKey: ['next-failed', task.job_id, task.index],
    queryFn: async ({ signal }): Promise<string | null> => {
      const response = await client.open('/api/jobs/{id}/results', 'get', {
        path: { id: task.job_id },
        query: { format: 'ndjson', state: 'failed', from: task.index + 1, limit: 1 },
        signal,
      });
      const [line] = (await response.text()).split('\n');
      return line ? (JSON.parse(line) as { id: string }).id : null;
    },
  });
}

/** The id of the last failed task of the job before this one; null for none among the first 10,000 failed ones. */
export function previousFailed(task: Pick<Task, 'job_id' | 'index'>) {
  return queryOptions({
    queryKey: ['previous-failed', task.job_id, task.index],
    queryFn: async ({ signal }): Promise<string | null> => {
      let found: string | null = null;
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const answer = await client.jobs.tasks(
          task.job_id,
          { state: 'failed', limit: pageSize, ...(cursor ? { cursor } : {}) },
          { signal },
        );
        for (const one of answer.data) {
          if (one.index >= task.index) return found;
          found = one.id;
        }
        if (answer.next === null) return found;
        cursor = answer.next;
      }
      return null;
    },
  });
}
