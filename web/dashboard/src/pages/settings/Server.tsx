import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import { queries } from '../../api/queries';
import type { Health } from '../../api/types';
import { useFeature, useMe } from '../../app/me';
import { formatBytes } from '../../format/bytes';
import { Copyable, DiskBar, Panel, Shown, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { settingsTexts } from './texts';

/** The version of the server, and each of its parts with what to do. */
export function Server() {
  const t = useTexts(settingsTexts);
  const me = useMe();
  const hasQueue = useFeature('queue');
  const health = useQuery(queries.health);
  return (
    <Panel title={t('server')}>
      <p className="row settings-links">
        <Copyable text={me.version}>{t('version', { version: me.version })}</Copyable>
        <a href="openapi.json">{t('openapi')}</a>
        <a href="docs/">{t('docs')}</a>
      </p>
      <Facts />
      {!hasQueue && <p className="fault">{t('direct')}</p>}
      <Shown query={health}>{data => <Checks health={data} />}</Shown>
    </Panel>
  );
}

/** What the server runs on, and how much room it has. */
function Facts() {
  return useFeature('server') ? <ServerFacts /> : null;
}

function ServerFacts() {
  const t = useTexts(settingsTexts);
  const server = useQuery(queries.server);
  return (
    <Shown query={server}>
      {({ runtime, system, disk, database }) => (
        <dl className="settings-facts">
          <dt>{t('runtime')}</dt>
          <dd>
            {runtime}, {system}
          </dd>
          {database && (
            <>
              <dt>{t('database')}</dt>
              <dd>
                {t('databaseOf', {
                  kind: database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL',
                  version: database.version,
                  schema: database.schema,
                })}
              </dd>
              <dt>{t('databaseSize')}</dt>
              <dd>
                {t('sizes', {
                  size: formatBytes(database.bytes),
                  payloads: formatBytes(database.payload_bytes),
                  previews: formatBytes(database.preview_bytes),
                })}
                {database.payload_file_bytes > 0 &&
                  ` ${t('fileSize', { files: formatBytes(database.payload_file_bytes) })}`}
                {database.log_bytes !== null && ` ${t('logSize', { log: formatBytes(database.log_bytes) })}`}
              </dd>
            </>
          )}
          {disk && (
            <>
              <dt>{t('diskRoom')}</dt>
              <dd className={disk.low_since === null ? undefined : 'fault'}>
                {t('diskFree', { free: formatBytes(disk.free_bytes), total: formatBytes(disk.total_bytes) })}
                <DiskBar disk={disk} />
              </dd>
            </>
          )}
        </dl>
      )}
    </Shown>
  );
}

const known = ['visage', 'claims', 'database', 'outcomes', 'requests', 'disk', 'lease'] as const;

function isKnown(name: string): name is (typeof known)[number] {
  return (known as readonly string[]).includes(name);
}

const icons = { healthy: CircleCheck, degraded: CircleAlert, unhealthy: CircleX } as const;
const states = { healthy: 'state-completed', degraded: 'state-partial', unhealthy: 'state-failed' } as const;

function Checks({ health }: { readonly health: Health }) {
  const t = useTexts(settingsTexts);
  const warning = health.database_warning;
  return (
    <ul className="settings-checks" aria-label={t('health')}>
      {health.checks.map(check => {
        const Icon = icons[check.status] ?? CircleAlert;
        return (
          <li key={check.name}>
            <span className={`chip ${states[check.status]}`}>
              <Icon size={14} aria-hidden />
              {t(check.status)}
            </span>
            <b title={check.name}>{isKnown(check.name) ? t(`check_${check.name}`) : check.name}</b>
            <span className="quiet">
              {check.detail}
              {check.since && (
                <>
                  {' '}
                  (<Time at={check.since} />)
                </>
              )}
            </span>
          </li>
        );
      })}
      {warning && (
        <li>
          <span className="chip state-partial">
            <CircleAlert size={14} aria-hidden />
            {t('degraded')}
          </span>
          <b>{t('disk')}</b>
          <span>{warning}</span>
        </li>
      )}
    </ul>
  );
}
