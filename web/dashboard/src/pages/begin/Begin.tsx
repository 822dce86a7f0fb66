import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Images, type LucideIcon, Terminal, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import { serverBase } from '../../api/base';
import { client } from '../../api/client';
import { commands } from '../../api/commands';
import { queries, queryClient } from '../../api/queries';
import { roleIncludes } from '../../api/roles';
import { useMe } from '../../app/me';
import { Button, Copyable, PageHeader, Panel, sayFailure } from '../../parts';
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
              <Sample />
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
        {me.access === 'open' && me.role === 'admin' && <FirstKey />}
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

function Sample() {
  const t = useTexts(beginTexts);
  const navigate = useNavigate();
  const services = useQuery(queries.services);
  const isMissing = services.data?.services.find(service => service.name === 'visage')?.configured === false;
  const sample = useMutation({
    mutationFn: () => client.request('/api/demo/visage/job', 'post', { body: {} }),
    onSuccess: ({ job_id: jobId }) => {
      void queryClient.invalidateQueries({ queryKey: ['stats'] });
      void navigate({ to: '/jobs/$jobId', params: { jobId } });
    },
    onError: error => sayFailure(t('demoAct'), error),
  });
  if (isMissing) return <p className="quiet">{t('demoNot')}</p>;
  return (
    <Button look="main" disabled={sample.isPending} onClick={() => sample.mutate()}>
      {t('demoAct')}
    </Button>
  );
}

function FirstKey() {
  const t = useTexts(beginTexts);
  return (
    <Panel title={t('keyTitle')}>
      <div className="stack">
        <p className="quiet">{t('keyText')}</p>
        <Copyable text={commands.firstKey}>
          <code>{commands.firstKey}</code>
        </Copyable>
        <p className="quiet">{t('keyContainer')}</p>
        <Copyable text={commands.firstKeyInContainer}>
          <code>{commands.firstKeyInContainer}</code>
        </Copyable>
      </div>
    </Panel>
  );
}
