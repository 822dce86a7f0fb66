import type { ColumnSort } from '../../parts';
import type { Texts } from '../../texts/texts';
import type { jobsTexts } from './texts';

type Key = keyof typeof jobsTexts.en & string;

/** The orders of the list besides the usual one, the newest first: as the API names them, with what each says of itself. */
export const sorts = {
  created: { column: 'age', direction: 'ascending', note: 'oldestFirst' },
  '-failed': { column: 'failed', direction: 'descending', note: 'mostFailed' },
  priority: { column: 'priority', direction: 'descending', note: 'mostUrgent' },
  '-progress': { column: 'progress', direction: 'descending', note: 'furthest' },
  name: { column: 'name', direction: 'ascending', note: 'byName' },
} as const;

export type Sort = keyof typeof sorts;

export function sortOf(text: string | undefined): Sort | undefined {
  return text !== undefined && Object.hasOwn(sorts, text) ? (text as Sort) : undefined;
}

/** The head of a column: a click sorts by it, another one goes back to the newest first. */
export function columnSort(
  column: string,
  chosen: Sort | undefined,
  t: Texts<Key>,
  onSort: (sort: Sort | undefined) => void,
): ColumnSort | undefined {
  const found = (Object.keys(sorts) as Sort[]).find(sort => sorts[sort].column === column);
  if (found === undefined) return undefined;
  const isChosen = chosen === found;
  const usual = column === 'age' && chosen === undefined ? 'descending' : undefined;
  return {
    direction: isChosen ? sorts[found].direction : usual,
    title: isChosen ? t('newestFirst') : t(sorts[found].note),
    onChoose: () => onSort(isChosen ? undefined : found),
  };
}
