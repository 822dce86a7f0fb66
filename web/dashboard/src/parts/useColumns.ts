import { useMemo, useState } from 'react';
import type { Column } from './DataTable';
import { linesOf } from './fitting';

const mark = '+';

/**
 * The columns that a person chose to see, kept in the browser under the table's name: those that are left out, and those that are shown
 * although the table is too narrow for them (`+name`).
 */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[], always: string) {
  const key = `columns-${table}`;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => read(key));
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  // The same while nothing changes, so that rows are not drawn again.
  const wanted = useMemo(
    () =>
      columns
        .filter(column => column.key === always || !chosen.has(column.key))
        .map(column => (chosen.has(mark + column.key) ? { ...column, isAsked: true } : column)),
    [columns, always, chosen],
  );
  const { shown, second } = linesOf(wanted, width);
  const visible = new Set([...shown, ...second].map(column => column.key));
  const toggle = (column: string, isShown: boolean) => {
    const next = new Set(chosen);
    next.delete(column);
    next.delete(mark + column);
    if (!isShown) next.add(column);
    else if (!fitsAlone(columns, column, width)) next.add(mark + column);
    setChosen(next);
    try {
      if (next.size === 0) localStorage.removeItem(key);
      else localStorage.setItem(key, [...next].join(','));
    } catch {
      // A browser that keeps nothing forgets the choice with the page.
    }
  };
  return {
    shown: wanted,
    choices: columns
      .filter(column => column.key !== always)
      .map(column => ({ key: column.key, title: column.title, isShown: visible.has(column.key) })),
    toggle,
    onWidth: setWidth,
  };
}

/** Whether the table shows the column without being asked. */
function fitsAlone<Row>(columns: readonly Column<Row>[], key: string, width: number): boolean {
  const { shown, second } = linesOf(columns, width);
  return [...shown, ...second].some(column => column.key === key);
}

function read(key: string): ReadonlySet<string> {
  try {
    return new Set((localStorage.getItem(key) ?? '').split(',').filter(Boolean));
  } catch {
    return new Set();
  }
}
