import { Link, useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { useMay } from '../../app/me';
import { Button, Copyable, Panel, say } from '../../parts';
import { AddressHelp } from '../../schema/AddressHelp';
import { addressTexts } from '../../schema/address.texts';
import { privateAddressOf } from '../../schema/privateAddress';
import { Refusal } from '../../schema/Refusal';
import { refusalsOf } from '../../schema/refusals';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { Code, Exchange } from './Exchange';
import { servicesTexts } from './texts';

type Step = 'show' | 'trial' | 'save';
const failed = { show: 'importFailed', trial: 'notTried', save: 'notSaved' } as const;

/** A curl command becomes a service: paste, see the declaration, try it once, save. */
export function ImportCurl({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(servicesTexts);
  const a = useTexts(addressTexts);
  const id = useId();
  const mayAdmin = useMay('admin');
  const navigate = useNavigate();
  const [curl, setCurl] = useState('');
  const [name, setName] = useState('');
  const [item, setItem] = useState('');
  const [replaces, setReplaces] = useState(false);
  const [tried, setTried] = useState<{ readonly command: string; readonly result: string | null }>();
  const command = { curl, name: name.trim() || null, item: item.trim() || null };
  const own = JSON.stringify({ ...command, name: null });
  // Where the result is in the answer is known by a call only: what was tried is saved as it was shown.
  const result = tried?.command === own ? tried.result : null;
  const send = useAct({
    mutationFn: (step: Step) =>
      client.services.import(
        step === 'trial' ? command : { ...command, result },
        step === 'show'
          ? {}
          : step === 'trial'
            ? { call: 'true' }
            : { save: 'true', replace: replaces ? 'true' : 'false' },
      ),
    onSuccess: (imported, step) => {
      if (step === 'trial') setTried({ command: own, result: imported.result ?? null });
      if (step !== 'save') return;
      void queryClient.invalidateQueries({ queryKey: ['services'] });
      say({
        title: t('saved', { name: imported.name }),
        text: imported.not_used_because ? t('notUsed', { reason: imported.not_used_because }) : t('savedText'),
        kind: imported.not_used_because ? 'plain' : 'good',
        action: {
          label: t('openService'),
          act: () => void navigate({ to: '/services/$service', params: { service: imported.name } }),
        },
      });
      setCurl('');
      setName('');
      setItem('');
      setReplaces(false);
    },
  });
  const atHome = send.error ? privateAddressOf(send.error.message) : undefined;
  const refusals = atHome ? {} : refusalsOf(send.error);
  const isEmpty = curl.trim() === '';
  const act = (step: Step) => ({ disabled: isEmpty || send.isPending, onClick: () => send.mutate(step) });
  const field = (key: string, label: string, hint: string, value: string, set: (text: string) => void) => (
    <div className="field">
      <label htmlFor={`${id}-${key}`}>{label}</label>
      <input
        id={`${id}-${key}`}
        className="input"
        autoComplete="off"
        spellCheck={false}
        value={value}
        aria-describedby={`${id}-${key}-hint`}
        aria-invalid={refusals[key] !== undefined}
        onChange={event => set(event.target.value)}
      />
      <p id={`${id}-${key}-hint`} className={refusals[key] ? 'fault' : 'quiet'}>
        {refusals[key] ?? hint}
      </p>
    </div>
  );
  return (
    <Panel
      title={t('importCurl')}
      actions={<Button look="quiet" icon={X} label={t('closeImport')} onClick={onClose} />}
    >
      <div className="stack">
        <div className="field">
          <label htmlFor={`${id}-curl`}>{t('curlLabel')}</label>
          <textarea
            id={`${id}-curl`}
            className="input"
            rows={5}
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this form.
            autoFocus
            spellCheck={false}
            placeholder={'curl http://127.0.0.1:5000/translate -d \'{"q":"The house is red.","target":"es"}\''}
            value={curl}
            aria-describedby={`${id}-curl-hint`}
            aria-invalid={refusals.curl !== undefined}
            onChange={event => setCurl(event.target.value)}
          />
          <p id={`${id}-curl-hint`} className={refusals.curl ? 'fault' : 'quiet'}>
            {refusals.curl ?? t('curlHint')}
          </p>
        </div>
        <div className="services-fields">
          {field('name', t('nameLabel'), t('nameHint'), name, setName)}
          {field('item', t('itemLabel'), t('itemHint'), item, setItem)}
        </div>
        <div className="row">
          <Button {...act('show')}>{t('show')}</Button>
          <Button {...act('trial')}>{t('trial')}</Button>
          {mayAdmin && (
            <Button look="main" {...act('save')}>
              {t('save')}
            </Button>
          )}
          {mayAdmin && (
            <label className="row">
              <input type="checkbox" checked={replaces} onChange={event => setReplaces(event.target.checked)} />
              {t('replace')}
            </label>
          )}
        </div>
        {!mayAdmin && <p className="quiet">{t('mayNotSave')}</p>}
        {atHome ? (
          <>
            <p className="fault" role="alert">
              {a('isPrivate', { address: atHome.address })} {t('trialNotAllowed')}
            </p>
            <AddressHelp at={atHome} />
          </>
        ) : (
          send.isError && (
            <Refusal error={send.error} title={t(failed[send.variables])} fields={['curl', 'name', 'item']} />
          )
        )}
        {send.data && <Imported imported={send.data} />}
      </div>
    </Panel>
  );
}

function Imported({ imported }: { readonly imported: Schemas['ServiceImport'] }) {
  const t = useTexts(servicesTexts);
  return (
    <>
      {imported.saved && (
        <div className="row" role="status">
          <strong>{t('saved', { name: imported.name })}</strong>
          <Link to="/services/$service" params={{ service: imported.name }}>
            {t('openService')}
          </Link>
          {!imported.not_used_because && (
            <Link to="/submit" search={{ service: imported.name }}>
              {t('submitTo')}
            </Link>
          )}
        </div>
      )}
      {imported.not_used_because && <p className="fault">{t('notUsed', { reason: imported.not_used_because })}</p>}
      {imported.trial && <Exchange trial={imported.trial} />}
      <section aria-label={t('declaration')}>
        <Copyable text={imported.declaration}>
          <h3>{t('declaration')}</h3>
        </Copyable>
        <p className="quiet">{t('itemIs', { field: imported.item_field })}</p>
        <Code text={imported.declaration} />
      </section>
      {imported.variables.length > 0 && (
        <div>
          <p>{t('variables')}</p>
          <ul>
            {imported.variables.map(variable => (
              <li key={variable.name}>
                <Copyable text={variable.name}>
                  <code>{variable.name}</code>
                </Copyable>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
