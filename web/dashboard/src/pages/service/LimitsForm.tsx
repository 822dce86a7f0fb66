import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Schemas, Service } from '../../api/types';
import { useMay } from '../../app/me';
import { Button, Panel, say } from '../../parts';
import { Refusal } from '../../schema/Refusal';
import { refusalsOf } from '../../schema/refusals';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { changeOf, type LimitTexts, limitNames, textsOf } from './limits';
import { serviceTexts } from './texts';

/** The limits of a service; who may only read sees those that hold. */
export function Limits({ service }: { readonly service: Service }) {
  return useMay('operate') ? <LimitsForm service={service} /> : <LimitsThatHold service={service} />;
}

function LimitsThatHold({ service }: { readonly service: Service }) {
  const t = useTexts(serviceTexts);
  return (
    <Panel title={t('limits')}>
      <dl className="service-limits">
        {limitNames.map(name => (
          <div key={name}>
            <dt className="quiet">{t(name)}</dt>
            <dd>
              {service.set[name] ?? service.declared?.[name] ?? t(name === 'allowed_hours' ? 'anyTime' : 'noLimit')}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** The limits that people have set beside those of the declaration; a change holds at once and can be undone. */
function LimitsForm({ service }: { readonly service: Service }) {
  const t = useTexts(serviceTexts);
  const id = useId();
  const [typed, setTyped] = useState<Partial<LimitTexts>>({});
  const texts = { ...textsOf(service.set), ...typed };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { change, faults } = changeOf(service.set, texts, zone);
  const save = useAct({
    mutationFn: (values: Schemas['ServiceChange']) => client.services.patch(service.name, values),
    onSuccess: (_, values) => {
      void queryClient.invalidateQueries({ queryKey: ['services'] });
      setTyped({});
      const before = Object.fromEntries(
        limitNames.filter(name => name in values).map(name => [name, service.set[name]]),
      );
      say({ title: t('changed'), kind: 'good', action: { label: t('undo'), act: () => save.mutate(before) } });
    },
  });
  const refusals = refusalsOf(save.error);
  const isChanged = Object.keys(change).length > 0;
  const isSet = limitNames.some(name => service.set[name] !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isChanged && faults.length === 0) save.mutate(change);
  };
  return (
    <Panel title={t('limits')}>
      <form className="stack" onSubmit={submit}>
        <p className="quiet">{t('limitsText')}</p>
        <div className="services-fields">
          {limitNames.map(name => {
            const declared = service.declared?.[name] ?? null;
            const fault = faults.includes(name)
              ? name === 'allowed_hours'
                ? t('notHours', { zone })
                : t('notNumber')
              : refusals[name];
            const declaredHint = declared === null ? undefined : t('declaredIs', { value: String(declared) });
            const hint = declaredHint ?? (texts[name] === '' ? t('nothingDeclared') : '');
            return (
              <div className="field" key={name}>
                <label htmlFor={`${id}-${name}`}>{t(name)}</label>
                <input
                  id={`${id}-${name}`}
                  className="input"
                  inputMode={name === 'allowed_hours' ? 'text' : 'decimal'}
                  autoComplete="off"
                  value={texts[name]}
                  placeholder={
                    declared === null ? (name === 'allowed_hours' ? `22:00-07:00 ${zone}` : '') : String(declared)
                  }
                  aria-invalid={fault !== undefined}
                  aria-describedby={`${id}-${name}-hint`}
                  onChange={event => setTyped({ ...typed, [name]: event.target.value })}
                />
                <p id={`${id}-${name}-hint`} className={fault ? 'fault' : 'quiet'}>
                  {fault ??
                    [hint && `${hint}.`, name === 'allowed_hours' && t('hoursHint', { zone })]
                      .filter(Boolean)
                      .join(' ')}
                </p>
              </div>
            );
          })}
        </div>
        {save.isError && <Refusal error={save.error} title={t('notChanged')} fields={limitNames} />}
        <div className="row">
          <Button type="submit" look="main" disabled={!isChanged || faults.length > 0 || save.isPending}>
            {t('save')}
          </Button>
          {isSet && (
            <Button
              disabled={save.isPending}
              onClick={() => save.mutate({ max_parallel: null, rate: null, burst: null, allowed_hours: null })}
            >
              {t('reset')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  );
}
