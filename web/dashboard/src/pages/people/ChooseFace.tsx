import { useEffect, useState } from 'react';
import { Button } from '../../parts';
import { useTexts } from '../../texts/texts';
import type { FoundFace } from './enrol';
import { peopleTexts } from './texts';

interface ChooseFaceProps {
  readonly photo: File;
  readonly name: string;
  readonly faces: readonly FoundFace[];
  readonly onChoose: (face: number) => void;
  readonly onSkip: () => void;
}

/** A photo with several faces: the person says whose is meant. */
export function ChooseFace({ photo, name, faces, onChoose, onSkip }: ChooseFaceProps) {
  const t = useTexts(peopleTexts);
  const [address, setAddress] = useState<string>();
  const [size, setSize] = useState<{ width: number; height: number }>();
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return (
    <div className="stack">
      <p role="status">
        {t('whichFace', { name })} <span className="quiet">{photo.name}</span>
      </p>
      <div className="people-photo">
        {address && (
          <img
            src={address}
            alt=""
            onLoad={event =>
              setSize({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })
            }
          />
        )}
        {size &&
          faces.map(({ index, box }) => (
            <button
              key={index}
              type="button"
              className="people-box"
              aria-label={t('faceNumber', { number: index + 1 })}
              style={{
                left: share(box.x, size.width),
                top: share(box.y, size.height),
                width: share(box.width, size.width),
                height: share(box.height, size.height),
              }}
              onClick={() => onChoose(index)}
            />
          ))}
      </div>
      <div className="row">
        {!size &&
          faces.map(({ index }) => (
            <Button key={index} onClick={() => onChoose(index)}>
              {t('faceNumber', { number: index + 1 })}
            </Button>
          ))}
        <Button onClick={onSkip}>{t('skipPhoto')}</Button>
      </div>
    </div>
  );
}
