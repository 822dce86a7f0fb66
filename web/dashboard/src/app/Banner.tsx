import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatClockSeconds } from '../format/times';
import { lastNews, useLiveMode } from '../live/live';
import { useTexts } from '../texts/texts';
import { shell } from './shell.texts';

/** A break that is mended sooner is not worth a word. */
const patience = 800;

/** Says that the server does not answer, and of when the shown data is. It goes by itself when the server is back. */
export function Banner() {
  const t = useTexts(shell);
  const isLost = useLiveMode() === 'waiting';
  const [since, setSince] = useState<number>();
  useEffect(() => {
    if (!isLost) return;
    const timer = setTimeout(() => setSince(lastNews()), patience);
    return () => {
      clearTimeout(timer);
      setSince(undefined);
    };
  }, [isLost]);
  return (
    <div role="status">
      {since !== undefined && (
        <p className="banner">
          <Unplug size={16} aria-hidden />
          {t('restarting', { time: formatClockSeconds(since) })}
        </p>
      )}
    </div>
  );
}
