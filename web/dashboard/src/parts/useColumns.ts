import { useState } from 'react';
import type { Column } from './DataTable';

/** The columns that a person chose to see, kept in the browser under the table's name. */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[], always: string) {
  const key = `columns-${table}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => read(key));
  const toggle = (column: string, isShown: boolean) => {
    const next = new Set(hidden);
    if (isShown) next.delete(column);
    else next.add(column);
    setHidden(next);
    try {
      if (next.size === 0) localStorage.removeItem(key);
      else localStorage.setItem(key, [...next].join(','));
    } catch {
      // A browser that keeps nothing forgets the choice with the page.
    }
  };
  return {
    shown: columns.filter(column => column.key === always || !hidden.has(column.key)),
    choices: columns
      .filter(column => column.key !== always)
      .map(column => ({ key: column.key, title: column.title, isShown: !hidden.has(column.key) })),
    toggle,
  };
}

function read(key: string): ReadonlySet<string> {
  try {
    return new Set((localStorage.getItem(key) ?? '').split(',').filter(Boolean));
  } catch {
    return new Set();
  }
}
