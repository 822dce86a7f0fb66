import type { Schemas } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { FaceImage } from '../people/Faces';
import { pictureAddress } from '../people/pictures';
import { unknownTexts } from './texts';

interface GroupFaceProps {
  readonly face: Schemas['GroupFace'];
  /** What the face is called for those who do not see it. */
  readonly name: string;
  readonly isLeftOut: boolean;
  /** Whom the group was named after: a rejected face is said not to be this person. */
  readonly isNot?: string;
  /** Leaves the face out or takes it back in; missing where nobody can. */
  readonly onLeaveOut?: () => void;
}

/** A face of a group. One that is not of the person is greyed, crossed out, and says so. */
export function GroupFace({ face, name, isLeftOut, isNot = '', onLeaveOut }: GroupFaceProps) {
  const t = useTexts(unknownTexts);
  const image = <FaceImage src={pictureAddress(face.picture_url)} name="" />;
  if (!onLeaveOut) {
    return face.rejected ? (
      <span className="unknown-face unknown-out">
        {image}
        <span className="unknown-word">{t('isNot', { name: isNot })}</span>
      </span>
    ) : (
      image
    );
  }
  return (
    <button
      type="button"
      className={isLeftOut ? 'unknown-face unknown-out' : 'unknown-face'}
      aria-pressed={isLeftOut}
      onClick={onLeaveOut}
    >
      {image}
      <span className={isLeftOut ? 'unknown-word' : 'unknown-word unknown-offer'}>
        {t(isLeftOut ? 'leftOut' : 'leaveOut')}
        <span className="only-read-aloud"> {name}</span>
      </span>
    </button>
  );
}
