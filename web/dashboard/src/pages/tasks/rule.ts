import type { FilterRule } from '../../filter/parse';

/** The words of the filter of all tasks, and of those of one job. */
export const tasksRule: FilterRule = { names: ['state', 'service', 'fingerprint', 'attempts_min'], text: 'service' };
export const jobTasksRule: FilterRule = { names: ['state', 'text', 'fingerprint', 'attempts_min'], text: 'text' };
