import type { Task } from './types';

type Named = Pick<Task, 'item_name' | 'item_id' | 'item_text' | 'index'> & { readonly prompt?: string | null };

/** So much of a text says which it is. */
const head = 80;

/** What a task is called: the name of its item, its id as the submitter gave it, the head of its text, or its place in the job. */
export function taskName({ item_name, item_id, item_text, prompt, index }: Named): string {
  if (item_name) return item_name;
  if (typeof item_id === 'string' || typeof item_id === 'number') return String(item_id);
  const text = (item_text ?? prompt)?.replace(/\s+/g, ' ').trim();
  if (text) return text.length > head ? `${text.slice(0, head - 1)}…` : text;
  return `#${index + 1}`;
}
