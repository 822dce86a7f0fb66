import { useState } from 'react';
import { holdBack } from './holdBack';

/**
 * Rows, newest first, that do not jump: what came since the first look waits until the person asks for it. Rows that are known from an earlier
 * look only (`isKnown`) are followed by what there is now.
 */
export function useHeldRows<Row>(rows: readonly Row[], keyOf: (row: Row) => string, isKnown: boolean) {
  const newest = rows[0] && keyOf(rows[0]);
  const [top, setTop] = useState<string>();
  if (!isKnown && top === undefined && newest !== undefined) setTop(newest);
  const { shown, waiting } = holdBack(rows, keyOf, top);
  return { rows: shown, waiting, show: () => setTop(newest) };
}
