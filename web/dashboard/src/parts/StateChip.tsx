import {
  CalendarClock,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleSlash,
  CircleX,
  Hourglass,
  type LucideIcon,
} from 'lucide-react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';

/** Every state that a job, a task or an operation on many may be in. */
export type StateWord =
  | 'pending'
  | 'available'
  | 'scheduled'
  | 'running'
  | 'completed'
  | 'partial'
  | 'failed'
  | 'cancelled'
  | 'paused'
  | 'stopped';

const icons: Record<StateWord, LucideIcon> = {
  pending: Hourglass,
  available: Hourglass,
  scheduled: CalendarClock,
  running: CircleDot,
  completed: CircleCheck,
  partial: CircleDashed,
  failed: CircleX,
  cancelled: CircleSlash,
  paused: CirclePause,
  stopped: CirclePause,
};

/** A state as an icon, a word and a colour: never the colour alone. */
export function StateChip({ state, paused = false }: { readonly state: StateWord; readonly paused?: boolean }) {
  const t = useTexts(words);
  const isOpen = state === 'pending' || state === 'running';
  const shown = paused && isOpen ? 'paused' : state;
  // A newer server may have states that this page does not know.
  const Icon = icons[shown] ?? CircleDashed;
  return (
    <span className={`chip state-${shown}`}>
      <Icon size={14} aria-hidden />
      {t(shown)}
    </span>
  );
}
