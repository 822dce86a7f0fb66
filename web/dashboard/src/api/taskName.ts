import type { Task } from './types';

/** What a task is called: the name of its item, its id as the submitter gave it, or its place in the job. */
export function taskName({ item_name, item_id, index }: Pick<Task, 'item_name' | 'item_id' | 'index'>): string {
  if (item_name) return item_name;
  return typeof item_id === 'string' || typeof item_id === 'number' ? String(item_id) : `#${index + 1}`;
}
