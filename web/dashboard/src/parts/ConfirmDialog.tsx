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
  readonly onConfirm: () => void;
}

/** Asks before something that destroys. Above a hundred things the person types how many. */
export function ConfirmDialog({ open, onClose, title, consequence, act, count = 1, onConfirm }: ConfirmDialogProps) {
  const t = useTexts(words);
  const id = useId();
  const [typed, setTyped] = useState('');
  const isTyped = count <= typedFrom || readCount(typed) === count;
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
      {count > typedFrom && (
        <div className="field">
          <label htmlFor={id}>{t('typeToConfirm', { text: formatNumber(count) })}</label>
          <input
            id={id}
            className="input"
            inputMode="numeric"
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        </div>
      )}
    </Dialog>
  );
}
