interface Held<Row> {
  readonly shown: readonly Row[];
  /** How many newer rows are not shown. */
  readonly waiting: number;
}

/** Of rows, newest first, those from `top` on. All of them if `top` is not among them. A row that came twice, by a shift of pages, counts once. */
export function holdBack<Row>(rows: readonly Row[], keyOf: (row: Row) => string, top: string | undefined): Held<Row> {
  const once = [...new Map(rows.map(row => [keyOf(row), row])).values()];
  const at = top === undefined ? 0 : once.findIndex(row => keyOf(row) === top);
  return at <= 0 ? { shown: once, waiting: 0 } : { shown: once.slice(at), waiting: at };
}
