import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatNumber } from '../../format/numbers';
import { Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Bars } from '../sessions/Bars';
import { sessionQueries } from '../sessions/queries';
import '../sessions/sessions.css';
import { overviewTexts } from './texts';

/** So many actions, the most frequent first; the page of sessions has all. */
const shown = 5;

/** What users did in the last day, by action; nothing on a server that nobody tells of it. */
export function Interactions() {
  const t = useTexts(overviewTexts);
  // They change the overview little, and counting them is not free.
  const table = useQuery({ ...sessionQueries.table({}, 'day'), refetchInterval: 30_000 }).data;
  if (!table || table.total === 0) return null;
  const rows = table.actions.slice(0, shown);
  const most = Math.max(1, ...rows.flatMap(row => row.counts));
  return (
    <Panel title={t('interactions', { count: table.total })} actions={<Link to="/sessions">{t('sessions')}</Link>}>
      <table className="overview-actions">
        <tbody>
          {rows.map(row => (
            <tr key={row.action_type}>
              <th scope="row" className="cut">
                <Link to="/sessions" search={{ action: row.action_type }}>
                  {row.action_type}
                </Link>
              </th>
              <td className="number">{formatNumber(row.count)}</td>
              <td className="overview-bars">
                <Bars parts={row.counts} most={most} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
