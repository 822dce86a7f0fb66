import { client } from '../../api/client';
import { commands } from '../../api/commands';
import { queryClient } from '../../api/queries';
import { useMe } from '../../app/me';
import { Button, Copyable, Panel, sayFailure, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { LogIn } from './LogIn';
import { settingsTexts } from './texts';

/** Who uses the page, and what that role may do. */
export function You() {
  const t = useTexts(settingsTexts);
  const me = useMe();
  const logout = async () => {
    try {
      await client.logout();
      queryClient.clear();
      location.reload();
    } catch (error) {
      sayFailure(t('logout'), error);
    }
  };
  return (
    <Panel
      title={t('you')}
      actions={me.access === 'login' && <Button onClick={() => void logout()}>{t('logout')}</Button>}
    >
      <dl className="settings-facts">
        <dt>{t('name')}</dt>
        <dd>{me.name}</dd>
        <dt>{t('role')}</dt>
        <dd>
          <span className="tag">{me.role}</span> {t(me.role)}
        </dd>
        {me.expires_at && (
          <>
            <dt>{t('expires')}</dt>
            <dd>
              <Time at={me.expires_at} />
            </dd>
          </>
        )}
      </dl>
      {me.access === 'open' && <p className="quiet">{t('openAccess')}</p>}
      {me.access === 'open' && me.role !== 'admin' && <FirstKey />}
    </Panel>
  );
}

/** A guest logs in with a key. Only somebody on the server's own machine can make the first. */
function FirstKey() {
  const t = useTexts(settingsTexts);
  return (
    <div className="stack">
      <LogIn />
      <details>
        <summary>{t('firstKeyElsewhere')}</summary>
        {[commands.firstKey, commands.firstKeyInContainer].map(command => (
          <p key={command}>
            <Copyable text={command}>
              <code>{command}</code>
            </Copyable>
          </p>
        ))}
      </details>
    </div>
  );
}
