import type { Job, Schemas } from '../../api/types';

type Page = Pick<Schemas['JobResultPage'], 'next' | 'total' | 'total_is_exact'> & {
  readonly data: readonly Pick<Schemas['JobResult'], 'state'>[];
};

/** Of the entries that a list of results has. */
export interface ResultCounts {
  readonly results: number;
  /** What failed or was cancelled is in the list too, and is no result. */
  readonly without: number;
}

/**
 * How many entries of the list are results. The list stays as it was read while its job goes on, so the job's own counts are of another
 * moment than the list: they say it only while both have as many entries. Undefined where nothing says it.
 */
export function countsOf(pages: readonly Page[], tasks: Job['tasks']): ResultCounts | undefined {
  const [first] = pages;
  if (!first?.total_is_exact) return undefined;
  const { total } = first;
  if (pages.at(-1)?.next === null) {
    const rows = pages.flatMap(page => page.data);
    const results = rows.filter(row => row.state === 'completed').length;
    return { results, without: rows.length - results };
  }
  const without = tasks.failed + tasks.cancelled;
  return tasks.completed + without === total ? { results: total - without, without } : undefined;
}
