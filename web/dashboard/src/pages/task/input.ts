import type { TaskDetail } from '../../api/types';

/** The item that a retry may replace; undefined where the service has none, as for files and services in code. */
export function itemOf(task: Pick<TaskDetail, 'input_data'>): unknown {
  return task.input_data?.item;
}

/** An item as a person edits it: texts as they are, anything else as JSON. */
export function writeItem(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item, null, 2);
}

export type Read = { readonly item: unknown } | { readonly fault: string };

/** What was edited, of the same kind as before. */
export function readItem(text: string, before: unknown): Read {
  if (typeof before === 'string') return { item: text };
  try {
    return { item: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
