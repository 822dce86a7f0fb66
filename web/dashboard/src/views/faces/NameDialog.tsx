import { type Chosen, PersonField } from '../../pages/people/PersonField';
import { peopleTexts } from '../../pages/people/texts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import type { Face } from './judge';

interface NameDialogProps {
  readonly face: Face;
  readonly onChoose: (person: Chosen) => void;
  readonly onClose: () => void;
}

/** Whose face is this? */
export default function NameDialog({ face, onChoose, onClose }: NameDialogProps) {
  const t = useTexts(peopleTexts);
  return (
    <Dialog open onClose={onClose} title={t('who')}>
      {face.picture && <img className="faces-asked" src={face.picture} alt="" />}
      <PersonField label={t('who')} like={face.matches} onChoose={onChoose} />
    </Dialog>
  );
}
