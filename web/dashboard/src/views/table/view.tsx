import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { taskName } from '../../api/taskName';
import { type Column, DataTable, StateChip } from '../../parts';
import { useTexts } from '../../texts/texts';
import type { ResultRow, ResultViewProps } from '../types';
import { viewTexts } from '../views.texts';
import { fieldsOf, fieldText, readField } from './fields';

/** Results as rows with a column for each of their fields. */
export default function TableView({ rows, more, hasMore }: ResultViewProps) {
  const t = useTexts(viewTexts);
  const navigate = useNavigate();
  const columns = useMemo<readonly Column<ResultRow>[]>(
    () => [
      {
        key: 'item',
        title: t('item'),
        width: 'minmax(12ch, 1fr)',
        cell: row => (
          <Link to="/tasks/$taskId" params={{ taskId: row.id }}>
            {taskName(row)}
          </Link>
        ),
      },
      { key: 'state', title: t('state'), width: '112px', cell: row => <StateChip state={row.state} /> },
      // A result of no field at all: every task failed.
      ...(fieldsOf(rows).length === 0 && rows.some(hasFailed) ? [reasonColumn(t('reason'))] : []),
      ...fieldsOf(rows).map(
        (field, at): Column<ResultRow> => ({
          key: `field-${field.title}`,
          title: field.title || t('result'),
          width: field.isNumber
            ? `minmax(${Math.max(9, Math.min(24, field.title.length))}ch, 0.5fr)`
            : 'minmax(10ch, 2fr)',
          isNumber: field.isNumber,
          ...(at > 3 ? { hide: 'medium' as const } : at > 0 ? { hide: 'narrow' as const } : {}),
          // Without a result there is only the reason.
          ...(at === 0 ? { fills: hasFailed } : {}),
          cell: row => {
            const value = readField(row.result, field.path);
            const text = hasFailed(row) ? row.error_message : fieldText(value);
            return <span title={typeof value === 'number' ? String(value) : (text ?? '')}>{text}</span>;
          },
        }),
      ),
    ],
    [rows, t],
  );
  return (
    <DataTable
      label={t('results')}
      rows={rows}
      columns={columns}
      rowKey={row => row.id}
      rowName={taskName}
      onOpen={row => void navigate({ to: '/tasks/$taskId', params: { taskId: row.id } })}
      onMore={hasMore ? more : undefined}
    />
  );
}

/** Failed or cancelled, with what is known of why. */
function hasFailed(row: ResultRow): boolean {
  return row.state === 'failed' || (row.state !== 'completed' && !!row.error_message);
}

function reasonColumn(title: string): Column<ResultRow> {
  return {
    key: 'reason',
    title,
    width: 'minmax(10ch, 3fr)',
    cell: row => <span title={row.error_message ?? ''}>{row.error_message}</span>,
  };
}
