import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries';
import { useMe } from '../../app/me';
import { formatNumber } from '../../format/numbers';
import { Panel, Shown, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { settingsTexts } from './texts';

/** The processes on this queue. One of another version is marked: an update may have missed it. */
export function Nodes() {
  const t = useTexts(settingsTexts);
  const me = useMe();
  const nodes = useQuery(queries.nodes);
  return (
    <Panel title={t('nodes')}>
      <Shown query={nodes}>
        {page => (
          <table className="settings-table">
            <thead>
              <tr>
                <th>{t('node')}</th>
                <th>{t('kind')}</th>
                <th>{t('versionWord')}</th>
                <th className="settings-wide">{t('labels')}</th>
                <th className="number">{t('calls')}</th>
                <th className="settings-wide">{t('started')}</th>
              </tr>
            </thead>
            <tbody>
              {page.data.map(node => (
                <tr key={node.id}>
                  <td title={t('process', { host: node.host, id: String(node.process_id) })}>{node.name}</td>
                  <td>{node.role}</td>
                  <td className={node.version !== null && node.version !== me.version ? 'fault' : undefined}>
                    {node.version}
                    {node.version !== null && node.version !== me.version && ` ${t('other')}`}
                  </td>
                  <td className="settings-wide">{node.labels.join(', ')}</td>
                  <td className="number">{formatNumber(node.running)}</td>
                  <td className="settings-wide">
                    <Time at={node.started_at} style="narrow" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Shown>
    </Panel>
  );
}
