import { Link } from '@tanstack/react-router';
import { Check, UserPlus, UserX, X } from 'lucide-react';
import { Button } from '../../parts';
import { standsAtFoot } from '../../parts/foot';
import { useTexts } from '../../texts/texts';
import { precise } from './Controls';
import type { Face, Match } from './judge';
import { facesTexts } from './texts';

interface SelectedProps {
  readonly face: Face;
  /** The service of the job. */
  readonly service: string;
  readonly match: Match | undefined;
  readonly mayEnrol: boolean;
  readonly mayReject: boolean;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onReject: () => void;
  readonly onName: () => void;
  readonly onClose: () => void;
}

/** The selected face at the foot of the view, with what can be said of it. */
export function Selected(props: SelectedProps) {
  const { face, service, match, mayEnrol, mayReject, isBusy, onConfirm, onReject, onName, onClose } = props;
  const t = useTexts(facesTexts);
  return (
    <section ref={standsAtFoot} className="faces-selected" aria-label={t('selected')}>
      {face.picture && <img className="people-face" src={face.picture} alt="" />}
      <div className="faces-who">
        {match ? (
          <>
            <Link to="/people/$personId" params={{ personId: match.id }} className="cut">
              <strong>{match.name}</strong>
            </Link>
            <span className="quiet">
              {precise(match.similarity)}
              {face.isAmbiguous && ` · ${t('ambiguous')}`}
            </span>
          </>
        ) : (
          <>
            <strong>{face.isErased ? t('erased') : t('unknown')}</strong>
            {face.isErased && <span className="quiet">{t('erasedText')}</span>}
          </>
        )}
      </div>
      <div className="row">
        {match && mayEnrol && (
          <Button icon={Check} disabled={isBusy} onClick={onConfirm}>
            {t('confirm', { name: match.name })} <kbd>y</kbd>
          </Button>
        )}
        {match && mayReject && (
          <Button icon={UserX} disabled={isBusy} onClick={onReject}>
            {t('reject', { name: match.name })} <kbd>n</kbd>
          </Button>
        )}
        {mayEnrol && face.isErased && (
          <Link className="button" to="/submit" search={{ service }}>
            {t('submitAgain')}
          </Link>
        )}
        {mayEnrol && !face.isErased && (
          <Button icon={UserPlus} look={match ? 'plain' : 'main'} disabled={isBusy} onClick={onName}>
            {t('enrol')} <kbd>e</kbd>
          </Button>
        )}
        <Button look="quiet" icon={X} label={t('close')} onClick={onClose} />
      </div>
    </section>
  );
}
