import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries';
import { useFeature } from '../../app/me';
import { formatNumber } from '../../format/numbers';
import { Panel, Shown, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { overviewTexts } from './texts';

export function Nodes() {
  return useFeature('nodes') ? <NodeTable /> : null;
}

function NodeTable() {
  const t = useTexts(overviewTexts);
  const nodes = useQuery(queries.nodes);
  return (
    <Panel title={t('nodes')}>
      <Shown query={nodes}>
        {page => (
          <table className="overview-nodes">
            <thead>
              <tr>
                <th>{t('node')}</th>
                <th>{t('role')}</th>
                <th>{t('version')}</th>
                <th className="number">{t('calls')}</th>
                <th>{t('started')}</th>
              </tr>
            </thead>
            <tbody>
              {page.data.map(node => (
                <tr key={node.id}>
                  <td title={`${node.host}, ${node.process_id}`}>{node.name}</td>
                  <td>{node.role}</td>
                  <td>{node.version}</td>
                  <td className="number">{formatNumber(node.running)}</td>
                  <td>
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
