import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import { Button } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { settingsTexts } from './texts';

/** For somebody whom the server lets in as a guest: a key may do more. */
export function LogIn() {
  const t = useTexts(settingsTexts);
  const id = useId();
  const [key, setKey] = useState('');
  const login = useAct({
    mutationFn: () => client.login(key.trim()),
    onSuccess: me => queryClient.setQueryData(queries.me.queryKey, me),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== '') login.mutate();
  };
  return (
    <form className="field" onSubmit={submit}>
      <label htmlFor={id}>{t('key')}</label>
      <div className="settings-login">
        <input
          id={id}
          className="input"
          type="password"
          autoComplete="current-password"
          value={key}
          aria-invalid={login.isError}
          aria-describedby={login.isError ? `${id}-fault` : undefined}
          onChange={event => setKey(event.target.value)}
        />
        <Button type="submit" disabled={login.isPending}>
          {t('login')}
        </Button>
      </div>
      {login.isError && (
        <p id={`${id}-fault`} className="fault" role="alert">
          {login.error.message}
        </p>
      )}
    </form>
  );
}
