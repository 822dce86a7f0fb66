import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { taskName } from '../../api/taskName';
import { numberFormat } from '../../format/formats';
import { formatNumber } from '../../format/numbers';
import { type Column, DataTable, StateChip } from '../../parts';
import { useTexts } from '../../texts/texts';
import { readPointer } from '../pointer';
import type { ResultRow, ResultViewProps } from '../types';
import { viewTexts } from '../views.texts';
import { normOf, vectorOf } from './vector';

const shown = 8;
/** The same for all, so that they can be compared down the column. */
const fourDigits = { minimumFractionDigits: 4, maximumFractionDigits: 4 };

/** Vectors by their dimension, their norm and their first values. */
export default function EmbeddingView({ view, rows, more, hasMore }: ResultViewProps) {
  const t = useTexts(viewTexts);
  const pointer = view.vector ?? view.embedding ?? '/embedding';
  const columns = useMemo<readonly Column<ResultRow>[]>(() => {
    const vector = (row: ResultRow) => vectorOf(readPointer(row.result, pointer));
    return [
      {
        key: 'item',
        title: t('item'),
        width: 'minmax(10ch, 1fr)',
        cell: row => (
          <Link to="/tasks/$taskId" params={{ taskId: row.id }}>
            {taskName(row)}
          </Link>
        ),
      },
      { key: 'state', title: t('state'), width: '112px', hide: 'narrow', cell: row => <StateChip state={row.state} /> },
      {
        key: 'dimensions',
        title: t('dimensions'),
        width: '11ch',
        isNumber: true,
        cell: row => formatNumber(vector(row)?.length ?? 0),
      },
      {
        key: 'norm',
        title: t('norm'),
        width: '14ch',
        isNumber: true,
        cell: row => {
          const found = vector(row);
          return found ? numberFormat(fourDigits).format(normOf(found)) : '–';
        },
      },
      {
        key: 'first',
        title: t('first'),
        width: 'minmax(12ch, 3fr)',
        hide: 'narrow',
        cell: row => (
          <code>
            {vector(row)
              ?.slice(0, shown)
              .map(one => one.toFixed(4))
              .join(', ') ?? row.error_message}
          </code>
        ),
      },
    ];
  }, [pointer, t]);
  return (
    <DataTable
      label={t('results')}
      rows={rows}
      columns={columns}
      rowKey={row => row.id}
      rowName={taskName}
      onMore={hasMore ? more : undefined}
    />
  );
}
