import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { queries } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { useFeature } from '../../app/me';
import { formatBytes } from '../../format/bytes';
import { Copyable, Panel, Shown, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { backupTexts } from './backup.texts';

type BackupState = Schemas['Backup'];

const signs = {
  good: [CircleCheck, 'state-completed'],
  none: [CircleDashed, 'state-pending'],
  failed: [CircleX, 'state-failed'],
  damaged: [CircleX, 'state-failed'],
  incomplete: [CircleAlert, 'state-partial'],
  old: [CircleAlert, 'state-partial'],
} as const;

/** When the server was last backed up, whether that is any good, and what to do. */
export function Backup() {
  return useFeature('server') ? <BackupPanel /> : null;
}

function BackupPanel() {
  const t = useTexts(backupTexts);
  const server = useQuery(queries.server);
  return (
    <Panel title={t('title')}>
      <Shown query={server}>{({ backup }) => backup && <Facts backup={backup} />}</Shown>
    </Panel>
  );
}

function Facts({ backup }: { readonly backup: BackupState }) {
  const t = useTexts(backupTexts);
  const { state, last, failure } = backup;
  const [Icon, look] = signs[state] ?? signs.old;
  const command = `stashai backup ${last?.folder ?? failure?.folder ?? 'FOLDER'}`;
  return (
    <div className="stack">
      <p className="row">
        <span className={`chip ${look}`}>
          <Icon size={14} aria-hidden />
          {t(state)}
        </span>
        {state !== 'good' && <span>{t(`${state}Text`)}</span>}
      </p>
      {(failure || last) && (
        <dl className="settings-facts">
          {failure && (
            <>
              <dt>{t('failure')}</dt>
              <dd className="fault">
                <Time at={failure.ended_at} />: {failure.error}
              </dd>
            </>
          )}
          {last && (
            <>
              <dt>{t('last')}</dt>
              <dd>
                <Time at={last.snapshot_at} />, {t('where', { folder: last.folder, host: last.host })}
              </dd>
              <dt>{t('size')}</dt>
              <dd>
                {formatBytes(last.bytes)}
                {last.damaged_payloads > 0 && (
                  <span className="fault"> {t('lost', { count: last.damaged_payloads })}</span>
                )}
              </dd>
              <dt>{t('verified')}</dt>
              <dd className={last.verify_error === null ? undefined : 'fault'}>
                {last.verified_at === null ? t('notVerified') : <Time at={last.verified_at} />}
                {last.verify_error !== null && `: ${last.verify_error}`}
              </dd>
            </>
          )}
        </dl>
      )}
      {(state === 'none' || state === 'old' || state === 'failed') && (
        <Copyable text={command}>
          <code>{command}</code>
        </Copyable>
      )}
      <p className="quiet">{t('how')}</p>
    </div>
  );
}
