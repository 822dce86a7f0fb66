import { Link } from '@tanstack/react-router';
import { memo, useMemo, useState } from 'react';
import { taskName } from '../../api/taskName';
import { photoOf } from '../../pages/people/pictures';
import { useTexts } from '../../texts/texts';
import { precise } from './Controls';
import { CutOff } from './CutOff';
import { type Face, faceKey, isShown, judge, type PhotoFaces } from './judge';
import { type LabelPlace, placeLabels } from './labels';
import { facesTexts } from './texts';

interface PhotoProps {
  readonly photo: PhotoFaces;
  readonly least: number;
  readonly person: string | undefined;
  readonly selected: string | undefined;
  /** It is the only one, and has the width of the page. */
  readonly isSingle: boolean;
  readonly onSelect: (face: Face) => void;
}

/** A photo with its faces framed and named; where it cannot be shown, its faces side by side. */
export const Photo = memo(function Photo({ photo, least, person, selected, isSingle, onSelect }: PhotoProps) {
  const t = useTexts(facesTexts);
  const [isBroken, setBroken] = useState(false);
  const { row, width, height, faces } = photo;
  const title = taskName(row);
  const isFramed = !isBroken && width > 0 && height > 0;
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const places = useMemo(() => placeLabels(faces, width), [faces, width]);
  return (
    <li
      className="faces-photo"
      style={isSingle && isFramed ? { maxWidth: `calc(75vh * ${width / height})` } : undefined}
    >
      {photo.isIncomplete && isSingle && <CutOff isWhole />}
      {isFramed ? (
        <div className="faces-framed" style={{ aspectRatio: `${width} / ${height}` }}>
          <img src={photoOf(row.id)} alt="" loading="lazy" onError={() => setBroken(true)} />
          {faces.map(
            face =>
              face.box && (
                <FaceButton
                  key={face.index}
                  className={places.get(face.index)?.isRight ? 'faces-box faces-right' : 'faces-box'}
                  label={places.get(face.index)}
                  labelWidth={share((places.get(face.index)?.room ?? 1) * width, face.box.width)}
                  face={face}
                  photo={title}
                  least={least}
                  isDim={!isShown(face, least, person)}
                  isSelected={faceKey(face) === selected}
                  onSelect={onSelect}
                  style={{
                    left: share(face.box.x, width),
                    top: share(face.box.y, height),
                    width: share(face.box.width, width),
                    height: share(face.box.height, height),
                  }}
                />
              ),
          )}
        </div>
      ) : (
        <>
          {faces.length > 0 && <p className="quiet">{t('photoGone')}</p>}
          <div className="faces-grid">
            {faces.map(face => (
              <FaceTile
                key={face.index}
                face={face}
                photo={title}
                least={least}
                isSelected={faceKey(face) === selected}
                onSelect={onSelect}
              />
            ))}
          </div>
        </>
      )}
      <div className="row faces-caption">
        <Link to="/tasks/$taskId" params={{ taskId: row.id }} className="cut">
          {title}
        </Link>
        {photo.isIncomplete && !isSingle && <CutOff />}
        {faces.length === 0 && <span className="quiet">{row.error_message ?? t('noFaces')}</span>}
      </div>
    </li>
  );
});

interface FaceButtonProps {
  readonly face: Face;
  readonly photo: string;
  readonly least: number;
  readonly isSelected: boolean;
  readonly isDim?: boolean;
  readonly className?: string;
  readonly style?: React.CSSProperties;
  readonly label?: LabelPlace | undefined;
  /** How wide the label may be, of the frame. */
  readonly labelWidth?: string;
  readonly children?: React.ReactNode;
  readonly onSelect: (face: Face) => void;
}

function FaceButton(props: FaceButtonProps) {
  const {
    face,
    photo,
    least,
    isSelected,
    isDim = false,
    className = '',
    style,
    label,
    labelWidth,
    children,
    onSelect,
  } = props;
  const t = useTexts(facesTexts);
  const match = judge(face, least);
  const number = face.index + 1;
  const share = match ? precise(match.similarity) : '';
  const name = match?.name ?? (face.isErased ? t('erased') : t('unknown'));
  return (
    <button
      type="button"
      id={`face-${faceKey(face)}`}
      className={`${className} ${match ? 'faces-known' : face.isErased ? 'faces-unknown' : 'faces-unknown faces-nobody'} ${isDim ? 'faces-dim' : ''}`}
      style={style}
      aria-pressed={isSelected}
      aria-label={match ? t('faceOf', { name, share, number, photo }) : t('nobodyFace', { name, number, photo })}
      onClick={() => onSelect(face)}
    >
      {children}
      <span className="faces-label" style={labelWidth && match ? { maxWidth: `min(150px, ${labelWidth})` } : undefined}>
        <span className="cut">{name}</span> {match && (label?.room ?? 1) >= roomForShare && <span>{share}</span>}
      </span>
    </button>
  );
}

/** A label of less of the photo's width has room for a name only; the selected face says the rest. */
const roomForShare = 0.3;

/** A face cut out of its photo, with the name below. */
export function FaceTile(props: Omit<FaceButtonProps, 'className' | 'style' | 'label' | 'labelWidth' | 'children'>) {
  const { face } = props;
  return (
    <FaceButton {...props} className="faces-tile">
      {face.picture ? (
        <img src={face.picture} alt="" loading="lazy" />
      ) : (
        <span className="people-face people-letter" aria-hidden>
          ?
        </span>
      )}
    </FaceButton>
  );
}
