import { StashError } from '@stashai/client';
import { formatBytes } from '../../format/bytes';
import { formatShare } from '../../format/numbers';
import { useLiveMode } from '../../live/live';
import { Button } from '../../parts';
import { useTexts } from '../../texts/texts';
import { RefusedItems } from './RefusedItems';
import { refusedItems } from './refused';
import { submitTexts } from './texts';
import type { Sending } from './useSending';

/** How much of the job was sent, whether the connection is broken, and how an upload ended that was not whole. */
export function Progress({ sending, onAbort }: { readonly sending: Sending; readonly onAbort: () => void }) {
  const t = useTexts(submitTexts);
  const isBroken = useLiveMode() === 'waiting';
  switch (sending.state) {
    case 'idle':
      return null;
    case 'failed': {
      const items = refusedItems(sending.error instanceof StashError ? sending.error.errors : []);
      if (items.length > 0) return <RefusedItems items={items} />;
      return (
        <p className="fault" role="alert">
          {t('failed')}: {sending.error.message}
        </p>
      );
    }
    case 'aborted':
      return <p role="status">{t(sending.isKept ? 'abortedKept' : 'aborted')}</p>;
    case 'sending': {
      const { sentBytes = 0, totalBytes = 0, isResumable = false, resumedFrom = 0 } = sending.progress ?? {};
      const share = totalBytes > 0 ? sentBytes / totalBytes : 0;
      return (
        <div className="stack">
          <div className="row">
            <progress className="submit-bar" aria-label={t('sending')} max={1} value={share} />
            <span>
              {formatShare(share)}{' '}
              <span className="quiet">
                {t('sent', { sent: formatBytes(sentBytes), total: formatBytes(totalBytes) })}
              </span>
            </span>
            <Button onClick={onAbort}>{t('abort')}</Button>
          </div>
          {resumedFrom > 0 && <p className="quiet">{t('resumed', { size: formatBytes(resumedFrom) })}</p>}
          {isBroken ? (
            <p role="status">{t('waitingForServer')}</p>
          ) : (
            isResumable && <p className="quiet">{t('resumable')}</p>
          )}
        </div>
      );
    }
  }
}
