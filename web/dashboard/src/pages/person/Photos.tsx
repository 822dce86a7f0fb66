import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { useState } from 'react';
import { ownAddress } from '../../api/base';
import type { Schemas } from '../../api/types';
import { formatPosition } from '../../format/durations';
import { formatConfidence } from '../../format/numbers';
import { formatClock } from '../../format/times';
import { Button, Empty, Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { faceKey, readBox } from '../../views/faces/judge';
import { FaceImage, ShownPeople } from '../people/Faces';
import { facePicture } from '../people/pictures';
import { LookAgain } from '../people/useLook';
import { type ShownPhoto, samePhotos } from './samePhotos';
import { personTexts } from './texts';

type Photo = Schemas['AlbumPhoto'];

interface PhotosProps {
  readonly photos: UseInfiniteQueryResult<InfiniteData<Schemas['AlbumPhotoPage']>>;
}

/** The photos of all jobs that show the person, the surest first. */
export function Photos({ photos }: PhotosProps) {
  const t = useTexts(personTexts);
  const w = useTexts(words);
  const first = photos.data?.pages[0];
  return (
    <Panel
      title={t('photos')}
      actions={
        <>
          {first && first.total > 0 && (
            <span className="quiet">
              {t('photosText', { count: first.total, more: first.total_is_exact ? '' : '+' })}
            </span>
          )}
          <LookAgain />
        </>
      }
    >
      <ShownPeople query={photos}>
        {({ pages }) => {
          const all = pages.flatMap(page => page.data);
          if (all.length === 0)
            return (
              <Empty icon={Images} title={t('noPhotos')} text={t('noPhotosText')}>
                <Link className="button" to="/jobs" search={{ service: 'visage' }}>
                  {t('toJobs')}
                </Link>
              </Empty>
            );
          return (
            <>
              <ul className="person-photos" aria-label={t('photos')}>
                {samePhotos(all).map(shown => (
                  <PhotoCard key={shown.photo.task_id} shown={shown} />
                ))}
              </ul>
              {photos.hasNextPage && (
                <div className="row people-more">
                  <Button disabled={photos.isFetchingNextPage} onClick={() => void photos.fetchNextPage()}>
                    {w('more')}
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </ShownPeople>
    </Panel>
  );
}

const mostJobs = 3;

function PhotoCard({ shown: { photo, all } }: { readonly shown: ShownPhoto }) {
  const t = useTexts(personTexts);
  const name = photo.item_name ?? (typeof photo.item_id === 'string' ? photo.item_id : photo.task_id.slice(-8));
  const share = formatConfidence(photo.confidence / 100);
  const times = timesOf(photo);
  const [face] = photo.faces;
  // The face is chosen there already, so that a wrong match is corrected by the next click.
  const search = face && face.time === null ? { face: faceKey({ task: photo.task_id, index: face.face }) } : {};
  return (
    <li>
      <Link
        to="/tasks/$taskId"
        params={{ taskId: photo.task_id }}
        search={search}
        className="person-photo"
        aria-label={t('openPhoto', { name, share })}
      >
        <Picture photo={photo} />
      </Link>
      <span className="row">
        <Link
          to="/tasks/$taskId"
          params={{ taskId: photo.task_id }}
          search={search}
          className="cut person-photo-name"
          title={name}
          tabIndex={-1}
        >
          {name}
        </Link>
        <strong>{share}</strong>
      </span>
      {times.length > 0 && <span className="cut quiet">{t('atTimes', { times: times.join(', ') })}</span>}
      {all.slice(0, mostJobs).map(one => (
        <Link key={one.task_id} to="/jobs/$jobId" params={{ jobId: one.job_id }} className="cut quiet">
          {t('inJob', { job: one.job_name || one.job_id.slice(0, 8) })}
          {one.completed_at && ` · ${formatClock(Date.parse(one.completed_at), Date.now())}`}
        </Link>
      ))}
      {all.length > mostJobs && <span className="quiet">{t('inMoreJobs', { count: all.length - mostJobs })}</span>}
    </li>
  );
}

const shownTimes = 8;

/** When the person is first seen in a video; nothing for a photo. */
function timesOf({ faces }: Photo): readonly string[] {
  const seconds = new Set(faces.flatMap(({ time }) => (time === null ? [] : [Math.floor(time)])));
  const first = [...seconds].slice(0, shownTimes).map(formatPosition);
  return seconds.size > shownTimes ? [...first, '…'] : first;
}

/** The photo with the person's faces framed; only the face of a video, or where the photo is not kept or cannot be shown. */
function Picture({ photo }: { readonly photo: Photo }) {
  const t = useTexts(personTexts);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [isBroken, setBroken] = useState(false);
  const isVideo = photo.faces.some(face => face.time !== null);
  if (!photo.photo_url || isBroken || isVideo) {
    const [face] = photo.faces;
    return (
      <span title={isVideo ? undefined : t('photoGone')}>
        <FaceImage src={face ? facePicture(photo.task_id, face.face) : ''} name="" />
      </span>
    );
  }
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return (
    <span className="person-framed">
      <img
        src={ownAddress(photo.photo_url)}
        alt=""
        loading="lazy"
        onError={() => setBroken(true)}
        onLoad={event =>
          setSize({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })
        }
      />
      {size &&
        photo.faces.map(face => {
          const box = readBox(face.box);
          return (
            box && (
              <span
                key={face.face}
                className="person-frame"
                style={{
                  left: share(box.x, size.width),
                  top: share(box.y, size.height),
                  width: share(box.width, size.width),
                  height: share(box.height, size.height),
                }}
              />
            )
          );
        })}
    </span>
  );
}
