import { useLiveMode } from '../live/live';
import { useTexts } from '../texts/texts';
import { shell } from './shell.texts';

const signs = { socket: 'live', events: 'live', polling: 'polling', idle: 'connecting', waiting: 'lost' } as const;

/** How news comes to the page. */
export function LiveSign() {
  const t = useTexts(shell);
  const sign = signs[useLiveMode()];
  return <span className={`live-sign live-${sign}`}>{t(sign)}</span>;
}
