import { CircleUser } from 'lucide-react';
import { Suspense, useState } from 'react';
import { lazyPart } from '../parts/patient';
import { useTexts } from '../texts/texts';
import { useMe } from './me';
import { shell } from './shell.texts';

const AccountMenu = lazyPart(() => import('./AccountMenu'));

/** Who is here; behind it a menu. */
export function Account() {
  const t = useTexts(shell);
  const me = useMe();
  const [isAsked, setAsked] = useState(false);
  const name = (
    <>
      <CircleUser size={18} aria-hidden />
      <span className="cut">{t('signedInAs', { name: me.name, role: me.role })}</span>
    </>
  );
  const button = (
    <button type="button" className="rail-link" aria-haspopup="menu" onClick={() => setAsked(true)}>
      {name}
    </button>
  );
  if (!isAsked) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu>{name}</AccountMenu>
    </Suspense>
  );
}
