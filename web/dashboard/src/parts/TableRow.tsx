import { type KeyboardEvent, memo } from 'react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import type { Column } from './DataTable';

/** What a row does; the same for all rows, and for as long as the table is there. */
export interface RowActs<Row> {
  readonly onFocus: (row: Row) => void;
  readonly onKeyDown: (event: KeyboardEvent, row: Row) => void;
  readonly onOpen: (row: Row) => void;
  readonly onSelect: (row: Row, isSelected: boolean) => void;
  /** Gives the row its place in the document, when it has one. */
  readonly onPlaced: (row: Row, element: HTMLElement) => void;
}

interface TableRowProps<Row> {
  readonly row: Row;
  /** Its position among all rows, from 0. */
  readonly index: number;
  readonly name: string;
  /** The columns of its first line, and those of the second. */
  readonly shown: readonly Column<Row>[];
  readonly second: readonly Column<Row>[];
  /** The tracks of the grid. */
  readonly tracks: string;
  readonly start: number;
  readonly size: number;
  readonly isActive: boolean;
  /** The row that the key Tab goes to. */
  readonly isFirst: boolean;
  /** Undefined in a table whose rows are not selected. */
  readonly isSelected: boolean | undefined;
  readonly acts: RowActs<Row>;
}

/** A row, which is drawn again only when something of it has changed: a table has many, and is drawn often. */
export const TableRow = memo(function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, index, name, shown, second, tracks, start, size, isActive, isFirst, isSelected, acts } = props;
  const t = useTexts(words);
  const hasBox = isSelected !== undefined;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={isActive ? 'table-row table-row-active' : 'table-row'}
      style={{ gridTemplateColumns: tracks, height: size, transform: `translateY(${start}px)` }}
      tabIndex={isActive || isFirst ? 0 : -1}
      ref={element => {
        if (element) acts.onPlaced(row, element);
      }}
      onFocus={() => acts.onFocus(row)}
      onKeyDown={event => acts.onKeyDown(event, row)}
      onClick={event => {
        const isOwn = (event.target as HTMLElement).closest('a, button, input, label');
        if (!isOwn && getSelection()?.isCollapsed !== false) acts.onOpen(row);
      }}
    >
      {hasBox && (
        <div role="gridcell">
          <label className="table-check">
            <input
              type="checkbox"
              tabIndex={-1}
              checked={isSelected}
              aria-label={t('selectRow', { name })}
              onChange={event => acts.onSelect(row, event.target.checked)}
            />
          </label>
        </div>
      )}
      {cellsOf(shown, row).map(({ column, fills }, at) => (
        <div
          key={column.key}
          role="gridcell"
          className={column.isNumber && !fills ? 'number' : 'cut'}
          {...(fills ? { style: { gridColumn: `${at + (hasBox ? 2 : 1)} / -1` } } : {})}
        >
          {column.cell(row)}
        </div>
      ))}
      {second.length > 0 && (
        <div role="presentation" className="table-below">
          {second.map(column => (
            <div key={column.key} role="gridcell" className={column.isBelow === 'whole' ? 'cut table-whole' : 'cut'}>
              {column.cell(row)}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}) as <Row>(props: TableRowProps<Row>) => React.ReactNode;

/** The cells of a row; the last one may take the place of others. */
function cellsOf<Row>(columns: readonly Column<Row>[], row: Row) {
  const filling = columns.findIndex(column => column.fills?.(row));
  const own = filling < 0 ? columns : columns.slice(0, filling + 1);
  return own.map((column, at) => ({ column, fills: at === filling }));
}
