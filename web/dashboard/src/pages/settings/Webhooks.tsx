import { useInfiniteQuery } from '@tanstack/react-query';
import { FlaskConical, KeyRound, Pencil, Plus, Power, ScrollText, Trash2, Webhook as WebhookIcon } from 'lucide-react';
import { Suspense, useState } from 'react';
import { client } from '../../api/client';
import { forget, queryClient } from '../../api/queries';
import { Button, Empty, Panel, Shown, say, sayFailure } from '../../parts';
import { lazyPart } from '../../parts/patient';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { settingsQueries, type Webhook, webhookEvents } from './queries';
import { WebhookLog } from './WebhookLog';
import { webhookTexts } from './webhooks.texts';

const WebhookDialog = lazyPart(() => import('./WebhookDialog'));
const SecretDialog = lazyPart(() => import('./SecretDialog'));
const ConfirmDialog = lazyPart(() =>
  import('../../parts/ConfirmDialog').then(part => ({ default: part.ConfirmDialog })),
);

/** Who is told when jobs and batches end, and what was sent. */
export function Webhooks() {
  const t = useTexts(webhookTexts);
  const w = useTexts(words);
  const query = useInfiniteQuery(settingsQueries.webhooks);
  const [isMaking, setMaking] = useState(false);
  const [edited, setEdited] = useState<Webhook>();
  const [secret, setSecret] = useState<{ name: string; secret: string }>();
  const [doomed, setDoomed] = useState<Webhook>();
  const [turned, setTurned] = useState<Webhook>();
  const [shown, setShown] = useState<{ id: string; title: string }>();
  const fresh = () => void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
  const remove = useAct({
    mutationFn: (webhook: Webhook) => client.webhooks.delete(webhook.id),
    onSuccess: (_, webhook) => {
      say({ title: t('removed', { name: webhook.name }), kind: 'good' });
      setShown(undefined);
      forget(webhook.id);
      fresh();
    },
    onError: error => sayFailure(t('remove'), error),
  });
  const rotate = useAct({
    mutationFn: (webhook: Webhook) => client.webhooks.rotate(webhook.id),
    onSuccess: rotated => {
      setSecret(rotated);
      fresh();
    },
    onError: error => sayFailure(t('rotate'), error),
  });
  const test = useAct({
    mutationFn: (webhook: Webhook) => client.webhooks.test(webhook.id),
    onSuccess: (_, webhook) => {
      say({ title: t('tested', { name: webhook.name }), kind: 'good' });
      setShown({ id: webhook.id, title: t('logOf', { name: webhook.name }) });
      fresh();
    },
    onError: error => sayFailure(t('test'), error),
  });
  const turn = useAct({
    mutationFn: (webhook: Webhook) => client.webhooks.patch(webhook.id, { is_enabled: !webhook.is_enabled }),
    onSuccess: fresh,
    onError: error => sayFailure(t('state'), error),
  });
  return (
    <>
      <Panel
        title={t('title')}
        actions={
          <span className="row">
            <Button icon={ScrollText} onClick={() => setShown({ id: 'jobs', title: t('logOfJobs') })}>
              {t('logOfJobs')}
            </Button>
            <Button icon={Plus} onClick={() => setMaking(true)}>
              {t('add')}
            </Button>
          </span>
        }
      >
        <Shown query={query}>
          {({ pages }) => {
            const all = pages.flatMap(page => page.data);
            return all.length === 0 ? (
              <Empty icon={WebhookIcon} title={t('none')} text={t('noneText')} />
            ) : (
              <ul className="settings-webhooks">
                {all.map(webhook => (
                  <li key={webhook.id}>
                    <WebhookLine webhook={webhook} />
                    <span className="settings-acts">
                      <Button
                        look="quiet"
                        icon={ScrollText}
                        label={t('logOf', { name: webhook.name })}
                        onClick={() => setShown({ id: webhook.id, title: t('logOf', { name: webhook.name }) })}
                      />
                      {webhook.is_enabled && (
                        <Button
                          look="quiet"
                          icon={FlaskConical}
                          label={`${t('test')}: ${webhook.name}`}
                          onClick={() => test.mutate(webhook)}
                        />
                      )}
                      <Button
                        look="quiet"
                        icon={Pencil}
                        label={`${t('edit')}: ${webhook.name}`}
                        onClick={() => setEdited(webhook)}
                      />
                      <Button
                        look="quiet"
                        icon={Power}
                        label={`${t(webhook.is_enabled ? 'disable' : 'enable')}: ${webhook.name}`}
                        onClick={() => turn.mutate(webhook)}
                      />
                      <Button
                        look="quiet"
                        icon={KeyRound}
                        label={`${t('rotate')}: ${webhook.name}`}
                        onClick={() => setTurned(webhook)}
                      />
                      <Button
                        look="quiet"
                        icon={Trash2}
                        label={`${t('remove')}: ${webhook.name}`}
                        onClick={() => setDoomed(webhook)}
                      />
                    </span>
                  </li>
                ))}
              </ul>
            );
          }}
        </Shown>
        {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{w('more')}</Button>}
      </Panel>
      {shown && <WebhookLog key={shown.id} id={shown.id} title={shown.title} onClose={() => setShown(undefined)} />}
      <Suspense>
        {isMaking && <WebhookDialog onClose={() => setMaking(false)} onDone={fresh} />}
        {edited && <WebhookDialog webhook={edited} onClose={() => setEdited(undefined)} onDone={fresh} />}
        {secret && (
          <SecretDialog
            name={secret.name}
            secret={secret.secret}
            text={t('rotatedText')}
            onClose={() => setSecret(undefined)}
          />
        )}
        {turned && (
          <ConfirmDialog
            open
            onClose={() => setTurned(undefined)}
            title={t('rotateTitle', { name: turned.name })}
            consequence={t('rotateText')}
            act={t('rotate')}
            onConfirm={() => rotate.mutate(turned)}
          />
        )}
        {doomed && (
          <ConfirmDialog
            open
            onClose={() => setDoomed(undefined)}
            title={t('removeTitle', { name: doomed.name })}
            consequence={t('removeText')}
            act={t('remove')}
            onConfirm={() => remove.mutate(doomed)}
          />
        )}
      </Suspense>
    </>
  );
}

function WebhookLine({ webhook }: { readonly webhook: Webhook }) {
  const t = useTexts(webhookTexts);
  const events =
    webhook.events.length === webhookEvents.length
      ? t('allEvents')
      : webhook.events.length > 0
        ? webhook.events.join(', ')
        : t('namedOnly');
  return (
    <span className="settings-webhook">
      <span className="row">
        <b>{webhook.name}</b>
        <span className={`chip ${webhook.is_enabled ? 'state-completed' : 'state-paused'}`}>
          {t(webhook.is_enabled ? 'enabled' : 'disabled')}
        </span>
        <span className="quiet">
          {t('events')}: {events}
        </span>
      </span>
      <code>{webhook.url}</code>
      {webhook.description && <span className="quiet">{webhook.description}</span>}
      {webhook.disabled_reason && <span className="fault">{webhook.disabled_reason}</span>}
    </span>
  );
}
