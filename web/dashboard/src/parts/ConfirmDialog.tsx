import { type ReactNode, useId, useState } from 'react';
import { formatNumber, readCount } from '../format/numbers';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { Dialog } from './Dialog';

/** From so many things on, the person types their number. */
const typedFrom = 100;

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, and that it cannot be undone where that is so. */
  readonly consequence: ReactNode;
  /** The verb on the button. */
  readonly act: string;
  /** How many things it is about. */
  readonly count?: number;
  /** What the person types before it, where much depends on one thing: its name. */
  readonly typedName?: string | undefined;
  readonly onConfirm: () => void;
}

/** Asks before something that destroys. Above a hundred things the person types how many, and before the worst its name. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, title, consequence, act, count = 1, typedName, onConfirm } = props;
  const t = useTexts(words);
  const id = useId();
  const [typed, setTyped] = useState('');
  const asked = typedName ?? (count > typedFrom ? formatNumber(count) : undefined);
  const isTyped =
    asked === undefined || (typedName === undefined ? readCount(typed) === count : typed.trim() === typedName);
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      text={consequence}
      actions={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            look="danger"
            disabled={!isTyped}
            onClick={() => {
              onConfirm();
              close();
            }}
          >
            {act}
          </Button>
        </>
      }
    >
      {asked !== undefined && (
        <div className="field">
          <label htmlFor={id}>{t('typeToConfirm', { text: asked })}</label>
          <input
            id={id}
            className="input"
            inputMode={typedName === undefined ? 'numeric' : 'text'}
            autoComplete="off"
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        </div>
      )}
    </Dialog>
  );
}
