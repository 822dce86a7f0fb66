import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { statusOf } from '../api/errors';
import { queries } from '../api/queries';
import { useKeys } from '../keys/useKeys';
import { startLive, useLive } from '../live/live';
import { LoginPage } from '../pages/login/LoginPage';
import { useShownKey } from '../pages/settings/shownKey';
import { lazyPart } from '../parts/patient';
import { Failure, Loading } from '../parts/States';
import { useTexts } from '../texts/texts';
import { Banner } from './Banner';
import { useMe } from './me';
import { offeredPages } from './pages';
import { Rail } from './Rail';
import { shell } from './shell.texts';

const HelpDialog = lazyPart(() => import('./HelpDialog'));
const Palette = lazyPart(() => import('./Palette'));
const MadeKey = lazyPart(() => import('../pages/settings/MadeKey'));

/** Everything around a page. Without a login, where the server asks for one, the login page; the address stays. */
export function Shell() {
  const made = useShownKey();
  return (
    <>
      <Page />
      <Suspense>{made && <MadeKey made={made} />}</Suspense>
    </>
  );
}

function Page() {
  const me = useQuery(queries.me);
  if (statusOf(me.error) === 401) return <LoginPage />;
  if (me.data) return <Frame />;
  return (
    <main className="alone">
      {me.error ? <Failure error={me.error} retry={() => void me.refetch()} /> : <Loading rows={3} />}
    </main>
  );
}

let isLive = false;

function Frame() {
  const t = useTexts(shell);
  const navigate = useNavigate();
  const place = useRouterState({ select: state => state.location.pathname });
  const pages = offeredPages(useMe());
  const [open, setOpen] = useState<'palette' | 'help'>();
  // Something is always followed, so that every page notices a restart.
  useLive({ kind: 'services' });
  const close = () => setOpen(undefined);
  useEffect(() => {
    if (!isLive) startLive();
    isLive = true;
  }, []);
  // A new page is read from its beginning, also by those who hear it.
  const [first] = useState(place);
  useEffect(() => {
    if (place !== first) document.getElementById('content')?.focus({ preventScroll: true });
  }, [place, first]);

  useKeys({
    ...Object.fromEntries(pages.map(page => [`g ${page.key}`, () => void navigate({ to: page.path })])),
    '/': () => document.querySelector<HTMLInputElement>('input[data-filter]')?.select(),
    '?': () => setOpen('help'),
    'Ctrl+k': () => setOpen('palette'),
  });
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('content')?.focus()}>
        {t('skip')}
      </button>
      <Rail onPalette={() => setOpen('palette')} />
      <div className="stage">
        <Banner />
        <main id="content" tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Suspense>
        {open === 'palette' && <Palette onClose={close} />}
        {open === 'help' && <HelpDialog onClose={close} />}
      </Suspense>
    </div>
  );
}
