import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the end, the main one last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

export function Dialog({ open, onClose, title, text, children, actions, wide = false }: DialogProps) {
  const t = useTexts(words);
  return (
    <Base.Root open={open} onOpenChange={next => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={wide ? 'dialog dialog-wide' : 'dialog'}>
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close className="button button-quiet button-icon" aria-label={t('close')}>
              <X size={16} aria-hidden />
            </Base.Close>
          </div>
          {text && <Base.Description className="quiet">{text}</Base.Description>}
          {children}
          {actions && <div className="dialog-acts">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
