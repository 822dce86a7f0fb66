import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { taskName } from '../../api/taskName';
import { formatDuration } from '../../format/durations';
import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { ResultCard, WholeResult } from '../ResultCard';
import { timeCode } from '../transcript/segments';
import type { ResultRow, ResultViewProps } from '../types';
import { useInput } from '../useInput';
import { type Appearance, readVideo, type VideoFaces } from './appearances';
import { videoTexts } from './texts';
import './video.css';

/** The most times of one person that are listed; the bar shows all. */
const listed = 12;

/** Videos with the faces in them, by time. */
export default function VideoView({ rows, more, hasMore }: ResultViewProps) {
  return (
    <CardList rows={rows} more={more} hasMore={hasMore}>
      {row => <Video key={row.id} row={row} />}
    </CardList>
  );
}

function Video({ row }: { readonly row: ResultRow }) {
  const t = useTexts(videoTexts);
  const video = readVideo(row);
  return (
    <ResultCard row={row} beside={video && video.duration > 0 ? formatDuration(video.duration) : undefined}>
      {video ? <Faces row={row} video={video} /> : <WholeResult row={row} open />}
      {video?.isIncomplete && <p className="quiet">{video.reason ?? t('incomplete')}</p>}
    </ResultCard>
  );
}

function Faces({ row, video }: { readonly row: ResultRow; readonly video: VideoFaces }) {
  const t = useTexts(videoTexts);
  const input = useInput<HTMLDivElement>(row.id);
  const player = useRef<HTMLVideoElement>(null);
  const play = (seconds: number) => {
    if (!player.current) return;
    player.current.currentTime = seconds;
    // A browser that may not play yet leaves the player at the spot.
    void player.current.play().catch(() => undefined);
  };
  const name = taskName(row);
  return (
    <div ref={input.place} className="video-parts">
      {input.url ? (
        // biome-ignore lint/a11y/useMediaCaption: who is seen stands beside it; what is said is not known.
        <video
          ref={player}
          className="video-picture"
          controls
          preload="none"
          poster={video.cover}
          src={input.url}
          aria-label={t('video', { name })}
        />
      ) : (
        video.cover && <img className="video-picture" src={video.cover} alt={t('coverOf', { name })} />
      )}
      {video.appearances.length === 0 ? (
        <p className="quiet">{t('nobody', { count: video.frames })}</p>
      ) : (
        <ul className="video-people">
          {video.appearances.map(one => (
            <Person key={one.id ?? ''} person={one} duration={video.duration} onPlay={input.url ? play : undefined} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface PersonProps {
  readonly person: Appearance;
  readonly duration: number;
  readonly onPlay: ((seconds: number) => void) | undefined;
}

function Person({ person, duration, onPlay }: PersonProps) {
  const t = useTexts(videoTexts);
  const name = person.name ?? t('unknown');
  const share = (seconds: number) => `${duration > 0 ? (100 * seconds) / duration : 0}%`;
  const left = person.spans.length - listed;
  return (
    <li className="video-person">
      {person.picture ? (
        <img src={person.picture} alt="" loading="lazy" />
      ) : (
        <span className="video-letter" aria-hidden />
      )}
      <div className="video-about">
        {person.id === undefined ? (
          <span>{name}</span>
        ) : (
          <Link to="/people/$personId" params={{ personId: person.id }}>
            {name}
          </Link>
        )}
        <div className={`video-track ${person.id === undefined ? 'video-unknown' : ''}`} aria-hidden>
          {person.spans.map(span => (
            <i key={span.start} style={{ left: share(span.start), width: share(span.end - span.start) }} />
          ))}
        </div>
        <ul className="video-times">
          {person.spans.slice(0, listed).map(span => (
            <li key={span.start}>
              {onPlay ? (
                <button
                  type="button"
                  className="views-time"
                  onClick={() => onPlay(span.start)}
                  aria-label={t('play', { name, time: timeCode(span.start) })}
                >
                  {timeCode(span.start)}
                </button>
              ) : (
                <span className="video-time">{timeCode(span.start)}</span>
              )}
            </li>
          ))}
          {left > 0 && <li className="quiet">{t('more', { count: left })}</li>}
        </ul>
      </div>
    </li>
  );
}
