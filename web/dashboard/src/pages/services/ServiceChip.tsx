import {
  CalendarClock,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  Database,
  Hourglass,
  type LucideIcon,
  Unplug,
} from 'lucide-react';
import type { Service } from '../../api/types';
import { formatClock } from '../../format/times';
import { useNow } from '../../parts';
import { pauseTexts } from '../../parts/pause.texts';
import { useTexts } from '../../texts/texts';
import { type ServiceState, stateOf } from './state';
import { servicesTexts } from './texts';

const looks: Record<ServiceState, readonly [LucideIcon, string]> = {
  paused: [CirclePause, 'state-paused'],
  down: [Unplug, 'state-failed'],
  closed: [CalendarClock, ''],
  throttled: [Hourglass, 'state-paused'],
  ready: [CircleCheck, 'state-completed'],
  stored: [Database, ''],
  untried: [CircleDashed, ''],
  unknown: [CircleHelp, ''],
};
const keys = {
  paused: 'statePaused',
  down: 'stateDown',
  closed: 'stateClosed',
  throttled: 'stateThrottled',
  ready: 'stateReady',
  stored: 'stateStored',
  untried: 'stateUntried',
  unknown: 'stateUnknown',
} as const;

/** Whether a service is called, as an icon and a word. */
export function ServiceChip({
  service,
  everythingPaused,
}: {
  readonly service: Service;
  readonly everythingPaused: boolean;
}) {
  const t = useTexts(servicesTexts);
  const p = useTexts(pauseTexts);
  const now = useNow(1000);
  const state = stateOf(service, everythingPaused, now);
  const [Icon, look] = looks[state];
  const until = state === 'paused' && service.paused_until;
  return (
    <span
      className={`chip ${look}`}
      title={until ? p('until', { time: formatClock(Date.parse(until), now) }) : undefined}
    >
      <Icon size={14} aria-hidden />
      {t(keys[state])}
    </span>
  );
}
