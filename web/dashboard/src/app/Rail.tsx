import { Link } from '@tanstack/react-router';
import { Ellipsis, Search } from 'lucide-react';
import { Suspense, useState } from 'react';
import { lazyPart } from '../parts/patient';
import { useTexts } from '../texts/texts';
import { Account } from './Account';
import { LiveSign } from './LiveSign';
import { Logo } from './Logo';
import { useMe } from './me';
import { offeredPages } from './pages';
import { RailLink } from './RailLink';
import { shell } from './shell.texts';

const Drawer = lazyPart(() => import('./Drawer'));

/** The pages that fit at the bottom of a phone, beside "More". */
const bottomPages = 4;

export function Rail({ onPalette }: { readonly onPalette: () => void }) {
  const t = useTexts(shell);
  const pages = offeredPages(useMe());
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <nav className="rail" aria-label={t('pages')}>
        <Link to="/" className="rail-name">
          <Logo /> StashAI
        </Link>
        <button type="button" className="rail-search" onClick={onPalette} aria-keyshortcuts="Control+K">
          <Search size={16} aria-hidden />
          <span>{t('search')}</span>
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
      {isOpen && (
        <Suspense>
          <Drawer
            pages={pages.slice(bottomPages)}
            onPalette={() => {
              setOpen(false);
              // Later, because the drawer gives the focus back when it goes.
              setTimeout(onPalette);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
