import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useKeys } from '../keys/useKeys';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { linesOf, type Narrow } from './fitting';
import { type RowActs, TableRow } from './TableRow';

const openKey = 'Enter';
/** The height of the second line of rows. */
const below = 24;

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** A track of a CSS grid, such as `minmax(12ch, 2fr)` or `8ch`. */
  readonly width: string;
  readonly isNumber?: boolean;
  /** Left out where the table is narrower than this, unless somebody asked for the column. */
  readonly hide?: Narrow;
  /** Not left out of a very narrow table: there it is on a second line of each row; `whole` for a short one that is never cut. */
  readonly isBelow?: boolean | 'whole';
  /** Somebody asked for the column, so it is shown at any width. */
  readonly isAsked?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** True for rows in which this cell takes the place of all that follow. */
  readonly fills?: (row: Row) => boolean;
  /** How the list is sorted by this column, where it can be. */
  readonly sort?: ColumnSort;
}

export interface ColumnSort {
  /** Missing while the list is sorted otherwise. */
  readonly direction: 'ascending' | 'descending' | undefined;
  /** What a click does. */
  readonly title: string;
  readonly onChoose: () => void;
}

interface DataTableProps<Row> {
  /** What the table shows, for those who hear it. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly rowName?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (key: string, isSelected: boolean) => void;
  /** Called when the last rows come into view and there are more. */
  readonly onMore?: (() => void) | undefined;
  /** Below the last row. */
  readonly foot?: ReactNode;
  /** Hears how wide the table is, in pixels. */
  readonly onWidth?: (width: number) => void;
}

/** Rows of one height of which only the visible ones are in the document. Keys: `j k` move, `Enter` opens, `x` selects. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, rowName = rowKey, onOpen, selected, onSelect, onMore, foot, onWidth } = props;
  const t = useTexts(words);
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(32);
  const [width, setWidth] = useState(1000);
  const [active, setActive] = useState<string>();
  const [isDrawn, setDrawn] = useState(false);
  const wantsFocus = useRef(false);

  // Before the first paint, so that rows are drawn once, in the columns that fit.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    setHeight(Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 32);
    setWidth(element.clientWidth);
    onWidth?.(element.clientWidth);
    const watcher = new ResizeObserver(([entry]) => {
      if (!entry) return;
      setWidth(entry.contentRect.width);
      onWidth?.(entry.contentRect.width);
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [onWidth]);

  const { shown, second } = useMemo(() => linesOf(columns, width), [columns, width]);
  const rowHeight = second.length > 0 ? height + below : height;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => rowKey(rows[index]!),
    overscan: isDrawn ? 12 : 0,
  });
  // At first only the rows that are seen: the others may come after them.
  useEffect(() => {
    if (rows.length > 0) setDrawn(true);
  }, [rows.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of the rows is another place of each.
  useEffect(() => virtual.measure(), [rowHeight]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onMore && last >= rows.length - 20) onMore();
  }, [onMore, last, rows.length]);

  const move = (by: number) => {
    if (rows.length === 0) return;
    const at = rows.findIndex(row => rowKey(row) === active);
    const next = Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by));
    setActive(rowKey(rows[next]!));
    wantsFocus.current = true;
    virtual.scrollToIndex(next);
  };
  const activeRow = rows.find(row => rowKey(row) === active);
  const select = (row: Row) => onSelect?.(rowKey(row), !selected?.has(rowKey(row)));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => activeRow && select(activeRow),
    [openKey]: () => activeRow && onOpen?.(activeRow),
  });
  const onKeyDown = (event: KeyboardEvent, row: Row) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key] !== undefined) move(moves[event.key]!);
    else if (event.key === ' ' && event.target === event.currentTarget && onSelect) select(row);
    else return;
    event.preventDefault();
  };
  // What rows do is of the newest render, while the object that they are given stays the same.
  const now = useRef<RowActs<Row>>(undefined);
  now.current = {
    onFocus: row => setActive(rowKey(row)),
    onKeyDown,
    onOpen: row => onOpen?.(row),
    onSelect: (row, isSelected) => onSelect?.(rowKey(row), isSelected),
    onPlaced: (row, element) => {
      if (!wantsFocus.current || rowKey(row) !== active) return;
      wantsFocus.current = false;
      element.focus({ preventScroll: true });
    },
  };
  const acts = useMemo<RowActs<Row>>(
    () => ({
      onFocus: row => now.current?.onFocus(row),
      onKeyDown: (event, row) => now.current?.onKeyDown(event, row),
      onOpen: row => now.current?.onOpen(row),
      onSelect: (row, isSelected) => now.current?.onSelect(row, isSelected),
      onPlaced: (row, element) => now.current?.onPlaced(row, element),
    }),
    [],
  );

  const tracks = [...(onSelect ? ['28px'] : []), ...shown.map(column => column.width)].join(' ');
  return (
    <div
      className="table"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      ref={scroller}
      tabIndex={rows.length > 0 ? -1 : 0}
    >
      <div role="rowgroup" className="table-head">
        <div role="row" aria-rowindex={1} className="table-row" style={{ gridTemplateColumns: tracks }}>
          {onSelect && (
            <div role="columnheader">
              <span className="only-read-aloud">{t('selected', { count: selected?.size ?? 0 })}</span>
            </div>
          )}
          {shown.map(column => (
            <div
              key={column.key}
              role="columnheader"
              className={column.isNumber ? 'number' : 'cut'}
              aria-sort={column.sort && (column.sort.direction ?? 'none')}
            >
              {column.sort ? <SortButton title={column.title} sort={column.sort} /> : column.title}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
        {items.map(item => {
          const row = rows[item.index]!;
          const key = rowKey(row);
          return (
            <TableRow
              key={key}
              row={row}
              index={item.index}
              name={onSelect ? rowName(row) : ''}
              shown={shown}
              second={second}
              tracks={tracks}
              start={item.start}
              size={item.size}
              isActive={key === active}
              isFirst={activeRow === undefined && item.index === 0}
              isSelected={onSelect ? (selected?.has(key) ?? false) : undefined}
              acts={acts}
            />
          );
        })}
      </div>
      {foot}
    </div>
  );
}

function SortButton({ title, sort }: { readonly title: string; readonly sort: ColumnSort }) {
  const Icon = sort.direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <button type="button" className="table-sort" title={sort.title} onClick={sort.onChoose}>
      {title}
      {sort.direction && <Icon size={12} aria-hidden />}
    </button>
  );
}
