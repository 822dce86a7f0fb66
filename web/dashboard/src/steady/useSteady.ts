import { useRef, useState } from 'react';
import { nothingShown, type Steady, steady } from './steady';

interface Versioned {
  readonly id: string;
  readonly version?: number;
}

/**
 * Rows by their ids that stay in their places; `refresh` shows the list as it is now. Another `of` begins anew. While the list `isKnown` from
 * an earlier look only, nobody has read it yet: the first answer since shows all that there is.
 */
export function useSteady<Row extends Versioned>(of: string, list: readonly Row[] | undefined, isKnown: boolean) {
  const [round, setRound] = useState(0);
  const kept = useRef<{
    of: string;
    round: number;
    list: readonly Row[] | undefined;
    shown: Steady<Row>;
    isKnown: boolean;
  }>(undefined);
  const before = kept.current;
  const isSame = before !== undefined && before.of === of && before.round === round && !before.isKnown;
  if (!isSame || before.list !== list) {
    const shown = list
      ? steady<Row>(isSame ? before.shown : nothingShown, list, keyOf, isNewer)
      : isSame
        ? before.shown
        : nothingShown;
    kept.current = { of, round, list, shown, isKnown };
  }
  return { ...kept.current!.shown, refresh: () => setRound(known => known + 1) };
}

function keyOf(row: Versioned): string {
  return row.id;
}

function isNewer(row: Versioned, than: Versioned): boolean {
  return (row.version ?? 0) > (than.version ?? 0);
}
