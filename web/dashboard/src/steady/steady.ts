/** Rows that stay where they are while their content changes. */
export interface Steady<Row> {
  readonly rows: readonly Row[];
  /** Keys of rows that the list has no more; they stay in their place until somebody asks for the list of now. */
  readonly gone: ReadonlySet<string>;
  /** How many rows the list has that are not shown, because they would move others. */
  readonly waiting: number;
}

export const nothingShown: Steady<never> = { rows: [], gone: new Set(), waiting: 0 };

/**
 * What to show of a list after it changed: rows that were shown stay in their places with their new content, rows behind the last known
 * one are added at the end, and new ones between them wait.
 */
export function steady<Row>(
  before: Steady<Row>,
  list: readonly Row[],
  keyOf: (row: Row) => string,
  isNewer: (row: Row, than: Row) => boolean,
): Steady<Row> {
  const shown = new Set(before.rows.map(keyOf));
  const now = new Map<string, Row>();
  let last = -1;
  list.forEach((row, at) => {
    const key = keyOf(row);
    const known = now.get(key);
    if (!known || isNewer(row, known)) now.set(key, row);
    if (shown.has(key)) last = at;
  });
  const isEmpty = before.rows.length === 0;
  const added: Row[] = [];
  let waiting = 0;
  const counted = new Set<string>();
  list.forEach((row, at) => {
    const key = keyOf(row);
    if (shown.has(key) || counted.has(key)) return;
    counted.add(key);
    if (isEmpty || (last >= 0 && at > last)) added.push(now.get(key)!);
    else waiting++;
  });
  const gone = new Set<string>();
  const rows = before.rows.map(row => {
    const key = keyOf(row);
    const next = now.get(key);
    if (!next) gone.add(key);
    return next ?? row;
  });
  return { rows: [...rows, ...added], gone, waiting };
}
