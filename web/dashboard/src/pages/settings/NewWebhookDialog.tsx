import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { Button } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { webhookEvents } from './queries';
import SecretDialog from './SecretDialog';
import { webhookTexts } from './webhooks.texts';

interface NewWebhookDialogProps {
  readonly onClose: () => void;
  readonly onMade: () => void;
}

/** Makes a webhook and shows its secret, this once. */
export default function NewWebhookDialog({ onClose, onMade }: NewWebhookDialogProps) {
  const t = useTexts(webhookTexts);
  const w = useTexts(words);
  const id = useId();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly string[]>(webhookEvents);
  const create = useAct({
    mutationFn: () => client.webhooks.create({ name: name.trim(), url: url.trim(), events: [...events] }),
    onSuccess: onMade,
  });
  const isReady = name.trim() !== '' && url.trim() !== '' && !create.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) create.mutate();
  };
  if (create.data) {
    return <SecretDialog name={create.data.name} secret={create.data.secret} text={t('madeText')} onClose={onClose} />;
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('add')}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button type="submit" form={id} look="main" disabled={!isReady}>
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
            onChange={event => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-url`}>{t('url')}</label>
          <input
            id={`${id}-url`}
            className="input"
            type="url"
            autoComplete="off"
            placeholder="https://…"
            value={url}
            aria-invalid={create.isError}
            aria-describedby={create.isError ? `${id}-fault` : undefined}
            onChange={event => setUrl(event.target.value)}
          />
          {create.isError && (
            <p id={`${id}-fault`} className="fault" role="alert">
              {create.error.message}
            </p>
          )}
        </div>
        <fieldset className="settings-roles">
          <legend>{t('events')}</legend>
          {webhookEvents.map(one => (
            <label key={one}>
              <input
                type="checkbox"
                checked={events.includes(one)}
                onChange={() =>
                  setEvents(events.includes(one) ? events.filter(other => other !== one) : [...events, one])
                }
              />
              <span>{one}</span>
            </label>
          ))}
          {events.length === 0 && <span className="quiet">{t('namedOnly')}</span>}
        </fieldset>
      </form>
    </Dialog>
  );
}
