import type { Lane, Service } from '../../api/types';
import { formatDuration } from '../../format/durations';
import { clause } from '../../format/reasons';
import { formatClock, formatRelative } from '../../format/times';
import { Copyable, Panel, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { serviceTexts } from './texts';

/** The addresses that are called, their circuits, and why tasks wait. */
export function Lanes({ service }: { readonly service: Service }) {
  const t = useTexts(serviceTexts);
  const settings = service.circuit_settings;
  return (
    <Panel title={t('lanes')}>
      <div className="stack">
        <Hours service={service} />
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
              <LaneState key={lane.authority} lane={lane} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function LaneState({ lane }: { readonly lane: Lane }) {
  const t = useTexts(serviceTexts);
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
        <p>
          {clause(waiting.error_message)}
          <span className="quiet">
            {waiting.since && `, ${t('since', { time: formatClock(Date.parse(waiting.since), now) })}`}
            {again &&
              `, ${t(waiting.error_kind ? 'again' : 'goesOn', { when: formatRelative(Math.max(now, Date.parse(again)), now) })}`}
          </span>
        </p>
      )}
      {isBlocked && <p>{t('blocked', { time: formatClock(Date.parse(lane.blocked_until!), now) })}</p>}
    </li>
  );
}

function Hours({ service }: { readonly service: Service }) {
  const t = useTexts(serviceTexts);
  const now = useNow(1000);
  const own = service.allowed_hours;
  if (!own) return <p>{t('hoursAlways')}</p>;
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
