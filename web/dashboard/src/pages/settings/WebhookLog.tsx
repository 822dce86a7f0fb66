import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Button, Panel, Shown, say, sayFailure, Time } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type Delivery, settingsQueries } from './queries';
import { webhookTexts } from './webhooks.texts';

interface WebhookLogProps {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** What a webhook was sent, newest first; each event can be sent again. */
export function WebhookLog({ id, title, onClose }: WebhookLogProps) {
  const t = useTexts(webhookTexts);
  const w = useTexts(words);
  const query = useInfiniteQuery(settingsQueries.deliveries(id));
  const place = useRef<HTMLDivElement>(null);
  // Below a long list it would open unseen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the log of another webhook is another one to bring into view.
  useEffect(() => {
    // Newer browsers return a promise, which is nothing that an effect may return.
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [id, query.isSuccess]);
  const replay = useAct({
    mutationFn: (delivery: Delivery) => client.webhooks.replay(id, delivery.id),
    onSuccess: () => {
      say({ title: t('replayed'), kind: 'good' });
      void queryClient.invalidateQueries({ queryKey: ['webhooks', id] });
    },
    onError: error => sayFailure(t('replay'), error),
  });
  return (
    <div ref={place}>
      <Panel title={title} actions={<Button onClick={onClose}>{t('close')}</Button>}>
        <Shown query={query}>
          {({ pages }) => {
            const all = pages.flatMap(page => page.data);
            return all.length === 0 ? (
              <p className="quiet">{t('nothingSent')}</p>
            ) : (
              <ul className="settings-webhooks">
                {all.map(delivery => (
                  <li key={delivery.id}>
                    <DeliveryLine delivery={delivery} />
                    <span className="settings-acts">
                      <Button
                        look="quiet"
                        icon={RotateCcw}
                        label={`${t('replay')}: ${delivery.event}`}
                        onClick={() => replay.mutate(delivery)}
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
    </div>
  );
}

const looks: Record<Delivery['state'], string> = {
  waiting: 'state-pending',
  delivered: 'state-completed',
  given_up: 'state-failed',
};

function DeliveryLine({ delivery }: { readonly delivery: Delivery }) {
  const t = useTexts(webhookTexts);
  const w = useTexts(words);
  const { service, total } = delivery.data as { readonly service?: unknown; readonly total?: unknown };
  const job =
    typeof service === 'string' && typeof total === 'number'
      ? `${service}, ${w('tasks', { count: total })}`
      : `${t('job')} ${delivery.job_id?.slice(0, 13)}`;
  return (
    <span className="settings-webhook">
      <span className="row">
        <Time at={delivery.created_at} />
        <span className={`chip ${looks[delivery.state]}`}>{t(delivery.state)}</span>
        <b>{delivery.event}</b>
        {delivery.job_id && (
          <Link to="/jobs/$jobId" params={{ jobId: delivery.job_id }} title={delivery.job_id}>
            {job}
          </Link>
        )}
        <span className="quiet">{t('attempts', { count: delivery.attempts })}</span>
        {delivery.status !== null && <span className="tag">HTTP {delivery.status}</span>}
        {delivery.next_attempt_at && (
          <span className="quiet">
            {t('next')} <Time at={delivery.next_attempt_at} />
          </span>
        )}
      </span>
      {delivery.url && <code>{delivery.url}</code>}
      {delivery.error && <span className="fault">{delivery.error}</span>}
      {delivery.answer && <code className="quiet">{delivery.answer}</code>}
    </span>
  );
}
