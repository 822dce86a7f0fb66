import { useState } from 'react';
import { holdBack } from './holdBack';

/** Rows, newest first, that do not jump: what came since the first look waits until the person asks for it. */
export function useHeldRows<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const newest = rows[0] && keyOf(rows[0]);
  const [top, setTop] = useState<string>();
  if (top === undefined && newest !== undefined) setTop(newest);
  const { shown, waiting } = holdBack(rows, keyOf, top);
  return { rows: shown, waiting, show: () => setTop(newest) };
}
