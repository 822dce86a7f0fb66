import { Link } from '@tanstack/react-router';
import { Images, type LucideIcon, Terminal, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import { serverBase } from '../../api/base';
import { commands } from '../../api/commands';
import { roleIncludes } from '../../api/roles';
import { useMe } from '../../app/me';
import { Copyable, PageHeader, Panel } from '../../parts';
import { SampleJob } from '../../parts/SampleJob';
import { useTexts } from '../../texts/texts';
import './begin.css';
import { beginTexts } from './texts';

/** The first page of a server without jobs: three ways to begin. */
export function Begin() {
  const t = useTexts(beginTexts);
  const me = useMe();
  const maySubmit = roleIncludes(me.role, 'submit');
  const mayImport = roleIncludes(me.role, 'operate') && me.features.includes('import');
  return (
    <>
      <PageHeader title={t('title')} summary={maySubmit ? t('lead') : t('notAllowed')} />
      <div className="stack">
        {maySubmit && (
          <ul className="begin-ways">
            <Way icon={Images} title={t('demo')} text={t('demoText')}>
              <SampleJob look="main" />
            </Way>
            {mayImport && (
              <Way icon={Terminal} title={t('curl')} text={t('curlText')}>
                <Link to="/services" search={{ import: 'curl' }} className="button">
                  {t('curlAct')}
                </Link>
              </Way>
            )}
            <Way icon={Upload} title={t('drop')} text={t('dropText')}>
              <Link to="/submit" className="button">
                {t('dropAct')}
              </Link>
            </Way>
          </ul>
        )}
        {me.access === 'open' && <FirstKey isGuest={me.role !== 'admin'} />}
        <p>
          <a href={`${serverBase()}docs`}>{t('docs')}</a>
        </p>
      </div>
    </>
  );
}

interface WayProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

function Way({ icon: Icon, title, text, children }: WayProps) {
  return (
    <li className="panel begin-way">
      <Icon size={24} aria-hidden />
      <h2>{title}</h2>
      <p className="quiet">{text}</p>
      {children}
    </li>
  );
}

/** How the first admin key is made. Whoever is not on the server's machine, or sees it through a container's network, is a guest. */
function FirstKey({ isGuest }: { readonly isGuest: boolean }) {
  const t = useTexts(beginTexts);
  return (
    <Panel title={t(isGuest ? 'guestTitle' : 'keyTitle')}>
      <div className="stack">
        <p className="quiet">{t(isGuest ? 'guestText' : 'keyText')}</p>
        <Copyable text={commands.firstKey}>
          <code>{commands.firstKey}</code>
        </Copyable>
        <p className="quiet">{t('keyContainer')}</p>
        <Copyable text={commands.firstKeyInContainer}>
          <code>{commands.firstKeyInContainer}</code>
        </Copyable>
        {isGuest && <Link to="/settings">{t('guestLogIn')}</Link>}
      </div>
    </Panel>
  );
}
