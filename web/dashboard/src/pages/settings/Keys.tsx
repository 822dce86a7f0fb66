import { useInfiniteQuery } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { Fragment, Suspense, useState } from 'react';
import { client } from '../../api/client';
import { commands } from '../../api/commands';
import { queryClient } from '../../api/queries';
import { useMe } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { Button, Empty, Panel, Shown, say, sayFailure, Time } from '../../parts';
import { lazyPart } from '../../parts/patient';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { lastAdminUntil, risksOf } from './keyRisks';
import { LostSchedules } from './LostSchedules';
import { type Key, settingsQueries } from './queries';
import { settingsTexts } from './texts';

const NewKeyDialog = lazyPart(() => import('./NewKeyDialog'));
const ConfirmDialog = lazyPart(() =>
  import('../../parts/ConfirmDialog').then(part => ({ default: part.ConfirmDialog })),
);

/** The keys in the database: made here, shown once, revoked for good. */
export function Keys() {
  const t = useTexts(settingsTexts);
  const w = useTexts(words);
  const query = useInfiniteQuery(settingsQueries.keys);
  const me = useMe();
  // A link may ask for the form: the first key is for oneself, and leads to the next one.
  const [search, change] = useSearchState();
  const isMaking = search.make === 'key';
  const setMaking = (isAsked: boolean) => change({ make: isAsked ? 'key' : undefined }, true);
  const [doomed, setDoomed] = useState<Key>();
  const pages = query.data?.pages;
  const all = pages && !query.hasNextPage ? pages.flatMap(page => page.data) : undefined;
  const risks = doomed ? risksOf(doomed, all, me.name, Date.now()) : [];
  const until = all && lastAdminUntil(all, Date.now());
  const fresh = () => queryClient.invalidateQueries({ queryKey: ['keys'] });
  const revoke = useAct({
    mutationFn: (key: Key) => client.keys.revoke(key.id),
    onSuccess: (_, key) => {
      say({ title: t('revoked', { name: key.name }), kind: 'good' });
      void fresh();
      // It may have been the key of this login.
      void queryClient.invalidateQueries({ queryKey: ['me'] });
    },
    onError: error => sayFailure(t('revoke'), error),
  });
  return (
    <Panel
      title={t('keys')}
      actions={
        <Button icon={Plus} onClick={() => setMaking(true)}>
          {t('newKey')}
        </Button>
      }
    >
      {until && (
        <p className="fault" role="status">
          {t('adminExpires')} <Time at={until} />. {t('adminExpiresText')}
        </p>
      )}
      <Shown query={query}>
        {({ pages }) => {
          const keys = pages.flatMap(page => page.data);
          return keys.length === 0 ? (
            <Empty icon={KeyRound} title={t('noKeys')} text={t('noKeysText')} />
          ) : (
            <KeyTable keys={keys} onRevoke={setDoomed} />
          );
        }}
      </Shown>
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{w('more')}</Button>}
      <Roles />
      <Suspense>
        {isMaking && <NewKeyDialog onClose={() => setMaking(false)} onMade={() => void fresh()} />}
        {doomed && (
          <ConfirmDialog
            open
            onClose={() => setDoomed(undefined)}
            title={t('revokeTitle', { name: doomed.name })}
            consequence={
              <>
                {risks.map(risk => (
                  <strong key={risk} className="settings-risk">
                    {t(risk)}{' '}
                    {risk === 'lastAdmin' && (
                      <>
                        {t('lastAdminHow')} <code>{commands.firstKey}</code>
                      </>
                    )}
                  </strong>
                ))}
                <LostSchedules owner={doomed.name} />
                {t('revokeText')}
              </>
            }
            typedName={risks.length > 0 ? doomed.name : undefined}
            act={t('revoke')}
            onConfirm={() => revoke.mutate(doomed)}
          />
        )}
      </Suspense>
    </Panel>
  );
}

const roles = ['read', 'submit', 'operate', 'admin'] as const;

function Roles() {
  const t = useTexts(settingsTexts);
  return (
    <details>
      <summary>{t('roles')}</summary>
      <dl className="settings-facts">
        {roles.map(role => (
          <Fragment key={role}>
            <dt>{role}</dt>
            <dd>{t(role)}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}

interface KeyTableProps {
  readonly keys: readonly Key[];
  readonly onRevoke: (key: Key) => void;
}

function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const t = useTexts(settingsTexts);
  const me = useMe();
  return (
    <table className="settings-table">
      <thead>
        <tr>
          <th>{t('name')}</th>
          <th>{t('role')}</th>
          <th>{t('lastUsed')}</th>
          <th className="settings-wide">{t('created')}</th>
          <th className="settings-wide">{t('expires')}</th>
          <th>
            <span className="only-read-aloud">{t('revoke')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map(key => (
          <tr key={key.id}>
            <td>
              {key.name} {key.name === me.name && <span className="tag">{t('thisLogin')}</span>}
            </td>
            <td className="nowrap">{key.role}</td>
            <td className="nowrap">{key.last_used_at ? <Time at={key.last_used_at} style="narrow" /> : t('never')}</td>
            <td className="settings-wide">
              <Time at={key.created_at} style="narrow" />
            </td>
            <td className="settings-wide">
              <Expiry at={key.expires_at} />
            </td>
            <td className="number">
              <Button
                look="quiet"
                icon={Trash2}
                label={t('revokeName', { name: key.name })}
                onClick={() => onRevoke(key)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Expiry({ at }: { readonly at: string | null }) {
  const t = useTexts(settingsTexts);
  if (at === null) return t('neverExpires');
  const isOver = Date.parse(at) <= Date.now();
  return (
    <span className={isOver ? 'fault' : undefined}>
      {isOver && `${t('expired')}: `}
      <Time at={at} style="narrow" />
    </span>
  );
}
