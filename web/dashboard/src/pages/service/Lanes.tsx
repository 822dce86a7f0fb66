import { RotateCw } from 'lucide-react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Lane, Service } from '../../api/types';
import { useMay } from '../../app/me';
import { formatDuration } from '../../format/durations';
import { clause } from '../../format/reasons';
import { formatClock, formatRelative } from '../../format/times';
import { Button, Copyable, Panel, sayFailure, useNow } from '../../parts';
import { PauseEnd } from '../../parts/PauseEnd';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { usePauseAll } from '../services/PauseAll';
import { usePause } from '../services/usePause';
import { serviceTexts } from './texts';

interface LanesProps {
  readonly service: Service;
  readonly everythingPaused: boolean;
}

/** The addresses that are called, their circuits, and why tasks wait. */
export function Lanes({ service, everythingPaused }: LanesProps) {
  const t = useTexts(serviceTexts);
  const isPaused = everythingPaused || service.paused;
  const settings = service.circuit_settings;
  return (
    <Panel title={t('lanes')}>
      <div className="stack">
        {isPaused ? <Paused service={service} everythingPaused={everythingPaused} /> : <Hours service={service} />}
        {settings && (
          <p className="quiet">
            {t('circuitText', {
              failures: settings.failures,
              first: formatDuration(settings.first_pause_seconds),
              longest: formatDuration(settings.longest_pause_seconds),
            })}{' '}
            {settings.health_path && t('health', { path: settings.health_path })}
          </p>
        )}
        {service.lanes.length === 0 ? (
          <p className="quiet">{t('lanesEmpty')}</p>
        ) : (
          <ul className="service-lanes">
            {service.lanes.map(lane => (
              <LaneState key={lane.authority} lane={lane} service={service} isPaused={isPaused} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

/** What is paused, until when, and for who may, a button that moves the end. */
function Paused({ service, everythingPaused }: LanesProps) {
  const t = useTexts(serviceTexts);
  const now = useNow(1000);
  const mayOperate = useMay('operate');
  const one = usePause(service);
  const all = usePauseAll();
  const until = service.paused_until;
  const text = everythingPaused ? 'pausedAll' : 'pausedOne';
  return (
    <div className="row">
      <p>{until ? t(`${text}Until`, { time: formatClock(Date.parse(until), now) }) : t(text)}</p>
      {mayOperate && <PauseEnd until={until} onPause={everythingPaused ? all.mutate : one.pause} />}
    </div>
  );
}

interface LaneStateProps {
  readonly lane: Lane;
  readonly service: Service;
  /** True also while everything is paused. */
  readonly isPaused: boolean;
}

function LaneState({ lane, service, isPaused }: LaneStateProps) {
  const t = useTexts(serviceTexts);
  const mayOperate = useMay('operate');
  const tryNow = useAct({
    mutationFn: () => client.services.resume(service.name),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['services'] }),
    onError: error => sayFailure(t('tryNow'), error),
  });
  const now = useNow(1000);
  const { waiting } = lane;
  const again = waiting?.next_try_at ?? lane.asked_again_at;
  const isBlocked = lane.blocked_until !== null && Date.parse(lane.blocked_until) > now;
  const look =
    lane.circuit === 'closed' ? 'state-completed' : lane.circuit === 'open' ? 'state-failed' : 'state-paused';
  return (
    <li>
      <div className="row">
        {lane.address ? (
          <Copyable text={lane.address}>
            <code>{lane.address}</code>
          </Copyable>
        ) : (
          <span className="quiet">{t('noAddress')}</span>
        )}
        <span className={`chip ${look}`}>{t(lane.circuit)}</span>
        <span className="quiet">
          {t('running')}: {lane.running}
        </span>
      </div>
      {waiting && (
        <div className="row">
          <p>
            {clause(waiting.error_message)}
            <span className="quiet">
              {waiting.since && `, ${t('since', { time: formatClock(Date.parse(waiting.since), now) })}`}
              {again &&
                `, ${t(waiting.error_kind ? 'again' : 'goesOn', { when: formatRelative(Math.max(now, Date.parse(again)), now) })}`}
            </span>
          </p>
          {/* A resume would end a pause of the service, too, and none of everything. */}
          {mayOperate && !isPaused && (isBlocked || lane.circuit === 'open') && (
            <Button icon={RotateCw} disabled={tryNow.isPending} onClick={() => tryNow.mutate()}>
              {t('tryNow')}
            </Button>
          )}
        </div>
      )}
      {isBlocked && <p>{t('blocked', { time: formatClock(Date.parse(lane.blocked_until!), now) })}</p>}
    </li>
  );
}

function Hours({ service }: { readonly service: Service }) {
  const t = useTexts(serviceTexts);
  const now = useNow(1000);
  const own = service.allowed_hours;
  // That it may be called at any time is no news of a service that does not answer.
  if (!own) return service.lanes.some(lane => lane.circuit !== 'closed') ? null : <p>{t('hoursAlways')}</p>;
  const { hours, open, closes_at, opens_at } = own;
  if (open) {
    return (
      <p>
        {closes_at
          ? t('hoursOpenUntil', { hours, time: formatClock(Date.parse(closes_at), now) })
          : t('hoursOpen', { hours })}
      </p>
    );
  }
  return (
    <p>
      {opens_at
        ? t('hoursClosedUntil', { hours, when: formatRelative(Math.max(now, Date.parse(opens_at)), now) })
        : t('hoursClosed', { hours })}
    </p>
  );
}
