import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatClockSeconds } from '../format/times';
import { lastNews, useLiveMode } from '../live/live';
import { useTexts } from '../texts/texts';
import { shell } from './shell.texts';

/** Says that the server does not answer, and of when the shown data is. It goes by itself when the server is back. */
export function Banner() {
  const t = useTexts(shell);
  const isLost = useLiveMode() === 'lost';
  const [since, setSince] = useState(0);
  useEffect(() => {
    if (isLost) setSince(lastNews());
  }, [isLost]);
  return (
    <div role="status">
      {isLost && since > 0 && (
        <p className="banner">
          <Unplug size={16} aria-hidden />
          {t('restarting', { time: formatClockSeconds(since) })}
        </p>
      )}
    </div>
  );
}
