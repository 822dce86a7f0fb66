import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { Role } from '../../api/types';
import { useMe } from '../../app/me';
import { Button, Copyable } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type Expiry, expiries, expiryOf } from './expiry';
import type { CreatedKey } from './queries';
import { settingsTexts } from './texts';

const roles: readonly Role[] = ['read', 'submit', 'operate', 'admin'];

interface NewKeyDialogProps {
  readonly onClose: () => void;
  readonly onMade: () => void;
}

/** Makes a key and shows it, this once. */
export default function NewKeyDialog({ onClose, onMade }: NewKeyDialogProps) {
  const [made, setMade] = useState<CreatedKey>();
  return made ? (
    <Made made={made} onClose={onClose} />
  ) : (
    <Form
      onClose={onClose}
      onMade={key => {
        setMade(key);
        onMade();
      }}
    />
  );
}

interface FormProps {
  readonly onClose: () => void;
  readonly onMade: (key: CreatedKey) => void;
}

function Form({ onClose, onMade }: FormProps) {
  const t = useTexts(settingsTexts);
  const w = useTexts(words);
  const id = useId();
  const [name, setName] = useState('');
  // Before the first key everybody is let in; after it nobody without one. So the first is an admin's, and this page logs in with it.
  const isFirst = useMe().access === 'open';
  const offered = isFirst ? roles.slice(-1) : roles;
  const [role, setRole] = useState<Role>(isFirst ? 'admin' : 'submit');
  const [expiry, setExpiry] = useState<Expiry>('never');
  const create = useMutation({
    mutationFn: async () => {
      if (isFirst) await queryClient.cancelQueries();
      const key = await client.keys.create({ name: name.trim(), role, expires_at: expiryOf(expiry, Date.now()) });
      if (isFirst) queryClient.setQueryData(queries.me.queryKey, await client.login(key.key));
      return key;
    },
    onSuccess: onMade,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && !create.isPending) create.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('newKey')}
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
        {isFirst && <p className="settings-first">{t('firstKey')}</p>}
        <fieldset className="settings-roles">
          <legend>{t('role')}</legend>
          {offered.map(one => (
            <label key={one}>
              <input type="radio" name={`${id}-role`} checked={one === role} onChange={() => setRole(one)} />
              <span>
                <b>{one}</b> <span className="quiet">{t(one)}</span>
              </span>
            </label>
          ))}
        </fieldset>
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
        </div>
      </form>
    </Dialog>
  );
}

function Made({ made, onClose }: { readonly made: CreatedKey; readonly onClose: () => void }) {
  const t = useTexts(settingsTexts);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('made', { name: made.name })}
      text={t('madeText')}
      actions={
        <Button look="main" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <Copyable text={made.key}>
        <code className="settings-key">{made.key}</code>
      </Copyable>
    </Dialog>
  );
}
