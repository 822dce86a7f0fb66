import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { Button } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { AddressHelp } from '../../schema/AddressHelp';
import { addressTexts } from '../../schema/address.texts';
import { privateAddressOf } from '../../schema/privateAddress';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type Webhook, webhookEvents } from './queries';
import SecretDialog from './SecretDialog';
import { webhookTexts } from './webhooks.texts';

interface WebhookDialogProps {
  /** The webhook to change; a new one without it. */
  readonly webhook?: Webhook;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Makes a webhook and shows its secret, this once; or changes one, whose secret stays. */
export default function WebhookDialog({ webhook, onClose, onDone }: WebhookDialogProps) {
  const t = useTexts(webhookTexts);
  const w = useTexts(words);
  const a = useTexts(addressTexts);
  const id = useId();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? webhookEvents);
  const [isEnabled, setEnabled] = useState(webhook?.is_enabled ?? true);
  const save = useAct({
    mutationFn: async () => {
      const wanted = { name: name.trim(), url: url.trim(), events: [...events], is_enabled: isEnabled };
      if (!webhook) return client.webhooks.create(wanted);
      await client.webhooks.patch(webhook.id, wanted);
      return undefined;
    },
    onSuccess: made => {
      onDone();
      if (!made) onClose();
    },
  });
  const atHome = save.error ? privateAddressOf(save.error.message) : undefined;
  const isReady = name.trim() !== '' && url.trim() !== '' && !save.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) save.mutate();
  };
  if (save.data) {
    return <SecretDialog name={save.data.name} secret={save.data.secret} text={t('madeText')} onClose={onClose} />;
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={webhook ? t('editTitle', { name: webhook.name }) : t('add')}
      {...(webhook && { text: t('editText') })}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button type="submit" form={id} look="main" disabled={!isReady}>
            {t(webhook ? 'save' : 'create')}
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
            aria-invalid={save.isError}
            aria-describedby={save.isError ? `${id}-fault` : undefined}
            onChange={event => setUrl(event.target.value)}
          />
          {save.isError && (
            <p id={`${id}-fault`} className="fault" role="alert">
              {atHome ? a('isPrivate', { address: atHome.address }) : save.error.message}
            </p>
          )}
          {atHome && <AddressHelp at={atHome} />}
        </div>
        <fieldset className="choices">
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
        {webhook && (
          <label className="settings-check">
            <input type="checkbox" checked={isEnabled} onChange={event => setEnabled(event.target.checked)} />
            <span>{t('isEnabled')}</span>
          </label>
        )}
      </form>
    </Dialog>
  );
}
