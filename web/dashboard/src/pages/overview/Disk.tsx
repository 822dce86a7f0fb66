import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../../api/queries';
import { useFeature } from '../../app/me';
import { formatBytes } from '../../format/bytes';
import { DiskBar, Panel, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { overviewTexts } from './texts';

/** How much room there is for more, and how large the database is. */
export function Disk() {
  return useFeature('server') ? <DiskPanel /> : null;
}

function DiskPanel() {
  const t = useTexts(overviewTexts);
  const server = useQuery(queries.server);
  return (
    <Panel title={t('disk')} actions={<Link to="/settings">{t('sizes')}</Link>}>
      <Shown query={server}>
        {({ disk, database }) => (
          <div className="stack">
            {disk && (
              <>
                <DiskBar disk={disk} />
                <p className={disk.low_since === null ? undefined : 'fault'}>
                  {t('diskFree', { free: formatBytes(disk.free_bytes), total: formatBytes(disk.total_bytes) })}
                  {disk.low_since !== null && ` ${t('diskLow', { limit: formatBytes(disk.low_below_bytes) })}`}
                </p>
              </>
            )}
            {database && <p className="quiet">{t('databaseSize', { size: formatBytes(database.bytes) })}</p>}
          </div>
        )}
      </Shown>
    </Panel>
  );
}
