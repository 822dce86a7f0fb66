import { Dialog } from '@base-ui/react/dialog';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Search, X } from 'lucide-react';
import { useState } from 'react';
import { serverBase } from '../api/base';
import { roleIncludes } from '../api/roles';
import type { Me } from '../api/types';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Account } from './Account';
import { LiveSign } from './LiveSign';
import { Logo } from './Logo';
import { useMe } from './me';
import { type RailPage, railPages } from './pages';
import { shell } from './shell.texts';

/** The pages that fit at the bottom of a phone, beside "More". */
const bottomPages = 4;

function offered(me: Me): readonly RailPage[] {
  return railPages.filter(
    page => (!page.needs || roleIncludes(me.role, page.needs)) && (!page.feature || me.features.includes(page.feature)),
  );
}

export function Rail({ onPalette }: { readonly onPalette: () => void }) {
  const t = useTexts(shell);
  const w = useTexts(words);
  const pages = offered(useMe());
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <nav className="rail" aria-label={t('pages')}>
        <Link to="/" className="rail-name">
          <Logo /> StashAI
        </Link>
        <button type="button" className="rail-search" onClick={onPalette} aria-keyshortcuts="Control+K">
          <Search size={16} aria-hidden />
          <span>{t('keysPalette')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <ul>
          {pages.map(page => (
            <RailLink key={page.path} page={page} />
          ))}
        </ul>
        <div className="rail-foot">
          <LiveSign />
          <Account />
        </div>
      </nav>
      <nav className="bottom" aria-label={t('pages')}>
        <ul>
          {pages.slice(0, bottomPages).map(page => (
            <RailLink key={page.path} page={page} />
          ))}
          <li>
            <button type="button" className="rail-link" onClick={() => setOpen(true)}>
              <Ellipsis size={18} aria-hidden />
              <span>{t('more')}</span>
            </button>
          </li>
        </ul>
      </nav>
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Backdrop className="scrim" />
          <Dialog.Popup className="drawer">
            <div className="dialog-head">
              <Dialog.Title className="dialog-title">{t('more')}</Dialog.Title>
              <Dialog.Close className="button button-quiet button-icon" aria-label={w('close')}>
                <X size={16} aria-hidden />
              </Dialog.Close>
            </div>
            <ul>
              {pages.slice(bottomPages).map(page => (
                <RailLink key={page.path} page={page} onClick={() => setOpen(false)} />
              ))}
            </ul>
            <LiveSign />
            <Account />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

function RailLink({ page, onClick }: { readonly page: RailPage; readonly onClick?: () => void }) {
  const t = useTexts(shell);
  const Icon = page.icon;
  return (
    <li>
      <Link
        to={page.path}
        className="rail-link"
        activeOptions={{ exact: page.path === '/', includeSearch: false }}
        onClick={onClick}
      >
        <Icon size={18} aria-hidden />
        <span>{t(page.label)}</span>
      </Link>
    </li>
  );
}

/** The description of the API, which is no page of the dashboard. */
export function docsAddress(): string {
  return `${serverBase()}docs`;
}
