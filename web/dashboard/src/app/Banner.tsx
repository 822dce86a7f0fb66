import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatClockSeconds } from '../format/times';
import { lastNews, useIsLost } from '../live/live';
import { useTexts } from '../texts/texts';
import { shell } from './shell.texts';

/** A break that is mended sooner is not worth a word. */
const patience = 800;

/** Says that the server does not answer, and of when the shown data is. It goes by itself when the server is back, at the latest with the first request that is answered. */
export function Banner() {
  const t = useTexts(shell);
  const isLost = useIsLost();
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
          {t('silent', { time: formatClockSeconds(since) })}
        </p>
      )}
    </div>
  );
}
