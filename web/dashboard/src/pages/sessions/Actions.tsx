import { useMemo } from 'react';
import { formatNumber } from '../../format/numbers';
import { formatClock } from '../../format/times';
import { Button, Panel, Time, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Bars } from './Bars';
import { actionsOf } from './counts';
import type { Interaction } from './queries';
import { sessionsTexts } from './texts';

const parts = 48;
const mostRows = 12;

interface ActionsProps {
  readonly loaded: readonly Interaction[];
  readonly total: number | null;
  /** The action whose interactions are listed. */
  readonly chosen: string | undefined;
  readonly onChoose: (action: string | undefined) => void;
  readonly onMore: (() => void) | undefined;
  readonly isBusy: boolean;
}

/** A row of bars for each action, all over the same time. */
export function Actions({ loaded, total, chosen, onChoose, onMore, isBusy }: ActionsProps) {
  const t = useTexts(sessionsTexts);
  const now = useNow();
  const table = useMemo(() => actionsOf(loaded, parts), [loaded]);
  const rows = table.rows.slice(0, mostRows);
  const hidden = table.rows.length - rows.length;
  const from = formatClock(table.from, now);
  const isAll = onMore === undefined;
  return (
    <Panel
      title={t('actions')}
      actions={
        <span className="row quiet">
          {isAll
            ? t('allOf', { count: loaded.length })
            : total === null
              ? t('newest', { count: loaded.length })
              : t('newestOf', { count: loaded.length, total })}
          {onMore && (
            <Button disabled={isBusy} onClick={onMore}>
              {t('older')}
            </Button>
          )}
        </span>
      }
    >
      <table className="sessions-actions">
        <thead>
          <tr>
            <th>{t('action')}</th>
            <th className="number">{t('count')}</th>
            <th className="sessions-time">
              <span className="sessions-axis">
                <span>{from}</span>
                <span>{formatClock(table.to, now)}</span>
              </span>
            </th>
            <th className="sessions-last">{t('last')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.action} className={row.action === chosen ? 'sessions-chosen' : undefined}>
              <td>
                <button
                  type="button"
                  className="sessions-action"
                  aria-pressed={row.action === chosen}
                  onClick={() => onChoose(row.action === chosen ? undefined : row.action)}
                >
                  {row.action}
                </button>
              </td>
              <td className="number">{formatNumber(row.count)}</td>
              <td className="sessions-time">
                <Bars parts={row.parts} most={table.most} />
              </td>
              <td className="sessions-last">
                <Time at={row.last} style="narrow" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p className="quiet">{t('rare', { count: hidden })}</p>}
    </Panel>
  );
}
