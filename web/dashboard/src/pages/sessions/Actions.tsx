import { formatNumber } from '../../format/numbers';
import { formatClock } from '../../format/times';
import { Panel, Segmented, Time, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Bars } from './Bars';
import { type ActionTable, type Range, ranges } from './queries';
import { sessionsTexts } from './texts';

const names = Object.keys(ranges) as readonly Range[];

interface ActionsProps {
  readonly table: ActionTable;
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  /** The action whose interactions are listed. */
  readonly chosen: string | undefined;
  readonly onChoose: (action: string | undefined) => void;
}

/** A row of bars for each action, all over the same time, as the server counts them. */
export function Actions({ table, range, onRange, chosen, onChoose }: ActionsProps) {
  const t = useTexts(sessionsTexts);
  const now = useNow();
  const rows = table.actions;
  const hidden = table.actions_total - rows.length;
  const most = Math.max(1, ...rows.flatMap(row => row.counts));
  return (
    <Panel
      title={t('actions')}
      actions={
        <span className="row quiet">
          {t(table.is_complete ? 'counted' : 'countedNewest', { count: table.total })}
          <Segmented<Range> label={t('range')} choices={names} chosen={range} onChoose={onRange} name={one => t(one)} />
        </span>
      }
    >
      {rows.length === 0 && <p className="quiet">{t('noneInRange')}</p>}
      <table className="sessions-actions" hidden={rows.length === 0}>
        <thead>
          <tr>
            <th>{t('action')}</th>
            <th className="number">{t('count')}</th>
            <th className="sessions-time">
              <span className="sessions-axis">
                <span>{formatClock(Date.parse(table.from), now)}</span>
                <span>{formatClock(Date.parse(table.to), now)}</span>
              </span>
            </th>
            <th className="sessions-last">{t('last')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.action_type} className={row.action_type === chosen ? 'sessions-chosen' : undefined}>
              <td>
                <button
                  type="button"
                  className="sessions-action"
                  aria-pressed={row.action_type === chosen}
                  onClick={() => onChoose(row.action_type === chosen ? undefined : row.action_type)}
                >
                  {row.action_type}
                </button>
              </td>
              <td className="number">{formatNumber(row.count)}</td>
              <td className="sessions-time">
                <Bars parts={row.counts} most={most} />
              </td>
              <td className="sessions-last">
                <Time at={row.last_at} style="narrow" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p className="quiet">{t('rare', { count: hidden })}</p>}
    </Panel>
  );
}
