import { Dialog } from '@base-ui/react/dialog';
import { Search, X } from 'lucide-react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Account } from './Account';
import { LiveSign } from './LiveSign';
import type { RailPage } from './pages';
import { RailLink } from './RailLink';
import { shell } from './shell.texts';

/** What the bottom of a phone has no room for. */
export default function Drawer({
  pages,
  onPalette,
  onClose,
}: {
  readonly pages: readonly RailPage[];
  readonly onPalette: () => void;
  readonly onClose: () => void;
}) {
  const t = useTexts(shell);
  const w = useTexts(words);
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="drawer">
          <div className="dialog-head">
            <Dialog.Title className="dialog-title">{t('more')}</Dialog.Title>
            <Dialog.Close className="button button-quiet button-icon" aria-label={w('close')}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <button type="button" className="rail-search" onClick={onPalette}>
            <Search size={16} aria-hidden />
            <span>{t('search')}</span>
          </button>
          <ul>
            {pages.map(page => (
              <RailLink key={page.path} page={page} onClick={onClose} />
            ))}
          </ul>
          <LiveSign />
          <Account />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
