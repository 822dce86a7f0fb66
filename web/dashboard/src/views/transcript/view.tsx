import { useRef, useState } from 'react';
import { taskName } from '../../api/taskName';
import { formatDuration } from '../../format/durations';
import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { readPointer, readText } from '../pointer';
import { ResultCard, WholeResult } from '../ResultCard';
import type { ResultRow, ResultViewProps, ServiceView } from '../types';
import { useInput } from '../useInput';
import { viewTexts } from '../views.texts';
import { segmentAt, segmentsOf, timeCode } from './segments';

/** What was said, with time codes that play the recording from there. */
export default function TranscriptView({ view, rows, more, hasMore }: ResultViewProps) {
  return (
    <CardList rows={rows} more={more} hasMore={hasMore}>
      {row => <Transcript key={row.id} row={row} view={view} />}
    </CardList>
  );
}

function Transcript({ row, view }: { readonly row: ResultRow; readonly view: ServiceView }) {
  const t = useTexts(viewTexts);
  const input = useInput<HTMLDivElement>(row.id);
  const audio = useRef<HTMLAudioElement>(null);
  const [heard, setHeard] = useState(-1);
  const segments = segmentsOf(row.result, view);
  const text = readText(row.result, view.text ?? '/text');
  const duration = readPointer(row.result, view.duration ?? '/duration');
  const language = readText(row.result, view.language ?? '/language');
  const beside = [
    ...(language ? [language] : []),
    ...(typeof duration === 'number' ? [formatDuration(duration)] : []),
  ].join(' · ');
  const play = (seconds: number) => {
    if (!audio.current) return;
    audio.current.currentTime = seconds;
    // A browser that may not play yet leaves the player at the spot.
    void audio.current.play().catch(() => undefined);
  };
  return (
    <ResultCard row={row} text={input.text} place={input.place} beside={beside}>
      <div ref={input.place} className="views-list">
        {input.url ? (
          // biome-ignore lint/a11y/useMediaCaption: the transcript stands below.
          <audio
            ref={audio}
            className="views-audio"
            controls
            preload="none"
            src={input.url}
            aria-label={t('audioOf', { name: taskName(row) })}
            onTimeUpdate={event => setHeard(segmentAt(segments, event.currentTarget.currentTime))}
          />
        ) : (
          input.isRead && <p className="quiet">{t('inputGone')}</p>
        )}
        {segments.length > 0 ? (
          <ol className="views-segments">
            {segments.map((segment, at) => (
              <li key={`${segment.start} ${segment.text}`} className={at === heard ? 'views-heard' : undefined}>
                <button
                  type="button"
                  className="views-time"
                  disabled={!input.url}
                  onClick={() => play(segment.start)}
                  aria-label={t('play', { time: timeCode(segment.start) })}
                >
                  {timeCode(segment.start)}
                </button>
                <span>{segment.text}</span>
              </li>
            ))}
          </ol>
        ) : text === undefined ? (
          <WholeResult row={row} open />
        ) : text.trim() === '' ? (
          <p className="quiet">{t('noSpeech')}</p>
        ) : (
          <p className="views-text">{text}</p>
        )}
      </div>
    </ResultCard>
  );
}
