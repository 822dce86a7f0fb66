import { type FormEvent, useEffect, useId, useState } from 'react';
import { client } from '../../api/client';
import { commands } from '../../api/commands';
import { statusOf } from '../../api/errors';
import { queries, queryClient } from '../../api/queries';
import { Logo } from '../../app/Logo';
import { Button } from '../../parts/Button';
import { Copyable } from '../../parts/Copyable';
import { useTexts } from '../../texts/texts';
import { loginTexts } from './texts';

/** Takes an API key and becomes a cookie that no script reads. Stands in for every page until then, at the page's own address. */
export function LoginPage() {
  const t = useTexts(loginTexts);
  const id = useId();
  const [key, setKey] = useState('');
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t('title')} · StashAI Server`;
  }, [t]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault('');
    try {
      const me = await client.login(key.trim());
      queryClient.setQueryData(queries.me.queryKey, me);
    } catch (error) {
      setFault(statusOf(error) === 401 ? t('wrong') : String((error as Error).message));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="alone">
      <form className="login" onSubmit={event => void submit(event)}>
        <p className="rail-name">
          <Logo /> StashAI
        </p>
        <h1>{t('title')}</h1>
        <p className="quiet">{t('lead')}</p>
        <div className="field">
          <label htmlFor={id}>{t('key')}</label>
          <input
            id={id}
            className="input"
            type="password"
            autoComplete="current-password"
            autoCapitalize="off"
            spellCheck={false}
            required
            // biome-ignore lint/a11y/noAutofocus: the field is all there is on the page.
            autoFocus
            value={key}
            aria-invalid={fault !== ''}
            aria-describedby={fault ? `${id}-fault` : undefined}
            onChange={event => setKey(event.target.value)}
          />
          {fault && (
            <p id={`${id}-fault`} className="fault" role="alert">
              {fault}
            </p>
          )}
        </div>
        <Button type="submit" look="main" disabled={isBusy || key.trim() === ''}>
          {t('submit')}
        </Button>
        <details>
          <summary>{t('where')}</summary>
          <p className="quiet">{t('whereText')}</p>
          <Copyable text={commands.firstKey}>
            <code>{commands.firstKey}</code>
          </Copyable>
          <p className="quiet">{t('container')}:</p>
          <Copyable text={commands.firstKeyInContainer}>
            <code>{commands.firstKeyInContainer}</code>
          </Copyable>
        </details>
      </form>
    </main>
  );
}
