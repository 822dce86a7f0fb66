import { type FormEvent, useEffect, useId, useState } from 'react';
import { asSomebodyElse, client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { Role, Schemas } from '../../api/types';
import { useMe } from '../../app/me';
import { Button } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type Expiry, expiries, expiryOf } from './expiry';
import type { CreatedKey } from './queries';
import { showKey } from './shownKey';
import { settingsTexts } from './texts';

const roles: readonly Role[] = ['read', 'submit', 'operate', 'admin'];

interface NewKeyDialogProps {
  readonly onClose: () => void;
  readonly onMade: () => void;
}

/** Makes a key, which is then shown, once. */
export default function NewKeyDialog({ onClose, onMade }: NewKeyDialogProps) {
  const t = useTexts(settingsTexts);
  const w = useTexts(words);
  const id = useId();
  const [name, setName] = useState('');
  // Before the first key everybody is let in; after it nobody without one. So the first is an admin's, and this page logs in with it.
  const isFirst = useMe().access === 'open';
  const [role, setRole] = useState<Role>(isFirst ? 'admin' : 'submit');
  const [expiry, setExpiry] = useState<Expiry>('never');
  const create = useAct({
    mutationFn: async () => {
      const wanted = { name: name.trim(), role, expires_at: expiryOf(expiry, Date.now()) };
      return isFirst ? await createFirst(wanted) : await client.keys.create(wanted);
    },
    onSuccess: key => {
      showKey({ ...key, isFirst });
      onMade();
      onClose();
    },
  });
  // What shows the key is here before there is one.
  useEffect(() => void import('./MadeKey'), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && !create.isPending) create.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(isFirst ? 'firstKeyTitle' : 'newKey')}
      {...(isFirst && { text: t('firstKey') })}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button type="submit" form={id} look="main" disabled={name.trim() === '' || create.isPending}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form id={id} className="settings-form" onSubmit={submit}>
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('name')}</label>
          <input
            id={`${id}-name`}
            className="input"
            autoComplete="off"
            placeholder={t('namePlaceholder')}
            value={name}
            aria-invalid={create.isError}
            aria-describedby={create.isError ? `${id}-fault` : undefined}
            onChange={event => setName(event.target.value)}
          />
          {create.isError && (
            <p id={`${id}-fault`} className="fault" role="alert">
              {create.error.message}
            </p>
          )}
        </div>
        {!isFirst && (
          <fieldset className="choices">
            <legend>{t('role')}</legend>
            {roles.map(one => (
              <label key={one}>
                <input type="radio" name={`${id}-role`} checked={one === role} onChange={() => setRole(one)} />
                <span>
                  <b>{one}</b> <span className="quiet">{t(one)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        <div className="field">
          <label htmlFor={`${id}-expiry`}>{t('expires')}</label>
          <select
            id={`${id}-expiry`}
            className="input"
            value={expiry}
            onChange={event => setExpiry(event.target.value as Expiry)}
          >
            {expiries.map(one => (
              <option key={one} value={one}>
                {t(one === 'never' ? 'neverExpires' : one)}
              </option>
            ))}
          </select>
          {isFirst && expiry !== 'never' && (
            <p className="fault" role="status">
              {t('firstExpires')}
            </p>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Between the key and the login with it the server answers nobody: what the page asks meanwhile waits, and what it has asked is dropped. */
async function createFirst(wanted: Schemas['NewKey']): Promise<CreatedKey> {
  const key = await asSomebodyElse(async client => {
    await queryClient.cancelQueries();
    const made = await client.keys.create(wanted);
    try {
      queryClient.setQueryData(queries.me.queryKey, await client.login(made.key));
    } catch {
      // The key is made and must be shown. What is asked next brings the login page, below it.
    }
    return made;
  });
  void queryClient.invalidateQueries();
  return key;
}
