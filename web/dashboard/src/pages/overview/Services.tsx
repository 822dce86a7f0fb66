import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, CirclePause, Hourglass, Unplug } from 'lucide-react';
import { localServices } from '../../api/localServices';
import { queries } from '../../api/queries';
import type { Service } from '../../api/types';
import { formatNumber, formatRate } from '../../format/numbers';
import { clause } from '../../format/reasons';
import { formatClock, formatRelative } from '../../format/times';
import { Panel, Shown, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { downLane } from './concerns';
import { overviewTexts } from './texts';

/** What is called. Services that only store need no watching, unless something waits for them. */
export function Services() {
  const t = useTexts(overviewTexts);
  const services = useQuery(queries.services);
  return (
    <Panel title={t('services')}>
      <Shown query={services}>
        {data => (
          <ul className="overview-services">
            {data.services
              .filter(service => !localServices.has(service.name) || service.waiting > 0)
              .map(service => (
                <ServiceCard key={service.name} service={service} isPaused={service.paused || data.everything_paused} />
              ))}
          </ul>
        )}
      </Shown>
    </Panel>
  );
}

function ServiceCard({ service, isPaused }: { readonly service: Service; readonly isPaused: boolean }) {
  const t = useTexts(overviewTexts);
  const w = useTexts(words);
  const limit = service.limits?.max_running ?? null;
  const rate = service.limits?.rate_per_second ?? null;
  const isIdle = service.running === 0 && service.waiting === 0;
  return (
    <li>
      <div className="row">
        <Link to="/services/$service" params={{ service: service.name }} className="cut overview-job">
          {service.name}
        </Link>
        <span className="quiet overview-share" title={isIdle ? undefined : t('inWorkText')}>
          {/* A service that is paused says so below. */}
          {isIdle ? !isPaused && t('idle') : t('inWork', { running: formatNumber(service.running) })}
        </span>
      </div>
      <div className="quiet overview-figures row">
        {service.waiting > 0 && <span>{t('waiting', { tasks: w('tasks', { count: service.waiting }) })}</span>}
        {!isIdle && limit !== null && <span>{t('atOnce', { count: limit })}</span>}
        {rate !== null && <span>{t('rate', { rate: formatRate(rate) })}</span>}
      </div>
      <Reason service={service} isPaused={isPaused} />
    </li>
  );
}

/** Why tasks of the service wait. */
function Reason({ service, isPaused }: { readonly service: Service; readonly isPaused: boolean }) {
  const t = useTexts(overviewTexts);
  const now = useNow(1000);
  const when = (at: string) => formatRelative(Math.max(now, Date.parse(at)), now);
  const clock = (at: string) => formatClock(Date.parse(at), now);
  const hours = service.allowed_hours;
  const down = downLane(service);
  if (isPaused) {
    return (
      <p className="overview-reason state-paused">
        <CirclePause size={14} aria-hidden />{' '}
        {service.paused_until ? t('pausedUntil', { time: clock(service.paused_until) }) : t('paused')}
      </p>
    );
  }
  if (down?.waiting) {
    const { since, error_message, next_try_at } = down.waiting;
    const again = next_try_at ?? down.asked_again_at;
    return (
      <p className="overview-reason state-failed">
        <Unplug size={14} aria-hidden />
        <span>
          {t('downSince', { since: since ? clock(since) : '–', reason: clause(error_message) })}
          {again && ` ${t('againIn', { when: when(again) })}`}
        </span>
      </p>
    );
  }
  if (hours && !hours.open && hours.opens_at) {
    return (
      <p className="overview-reason">
        <CalendarClock size={14} aria-hidden /> {t('closedUntil', { hours: hours.hours, when: when(hours.opens_at) })}
      </p>
    );
  }
  const blocked = service.lanes.find(lane => lane.blocked_until !== null)?.blocked_until;
  if (blocked && Date.parse(blocked) > now) {
    return (
      <p className="overview-reason state-paused">
        <Hourglass size={14} aria-hidden /> {t('throttledUntil', { time: clock(blocked) })}
      </p>
    );
  }
  if (hours?.open && hours.closes_at)
    return <p className="overview-reason">{t('openUntil', { hours: hours.hours, time: clock(hours.closes_at) })}</p>;
  return null;
}
