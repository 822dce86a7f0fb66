import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import type { DialogProps } from './Dialog';

/** Where typing goes at once. Without a field, the button that closes has the focus, so that no key destroys anything. */
const firstField =
  ':is(input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select):not(:disabled)';

/** What a dialog shows; loaded apart from the pages that may open one. */
export default function DialogBox({ open, onClose, title, text, children, actions, wide = false }: DialogProps) {
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
