import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
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

/** Where typing goes at once. Without a field, the button that closes has the focus, so that no key destroys anything. */
const firstField =
  ':is(input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select):not(:disabled)';

export function Dialog({ open, onClose, title, text, children, actions, wide = false }: DialogProps) {
  const t = useTexts(words);
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={next => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup
          ref={popup}
          className={wide ? 'dialog dialog-wide' : 'dialog'}
          initialFocus={() => popup.current?.querySelector<HTMLElement>(firstField) ?? true}
        >
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
