import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Lock, Plug } from 'lucide-react';
import { useId } from 'react';
import { queries } from '../../api/queries';
import type { Schemas, Service } from '../../api/types';
import { useMay } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { Empty, Loading, PageHeader, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { schemaOf } from '../service/queries';
import { SubmitForm } from './SubmitForm';
import './submit.css';
import { submitTexts } from './texts';

/** Services of the server itself take no jobs from people. */
const local = new Set(['interactions', 'sessions']);

export default function SubmitPage() {
  const t = useTexts(submitTexts);
  const maySubmit = useMay('submit');
  const services = useQuery(queries.services);
  return (
    <>
      <PageHeader title={t('title')} summary={t('lead')} />
      {maySubmit ? (
        <Shown query={services}>
          {data => {
            const own = data.services.filter(one => !local.has(one.name) && one.configured);
            if (own.length > 0) return <Choice services={own} />;
            return (
              <Empty icon={Plug} title={t('noService')} text={t('noServiceText')}>
                <Link to="/services" className="button">
                  {t('toServices')}
                </Link>
              </Empty>
            );
          }}
        </Shown>
      ) : (
        <Empty icon={Lock} title={t('notAllowed')} text={t('notAllowedText')} />
      )}
    </>
  );
}

/** Service and operation are in the address, so that a link leads to a form. */
function Choice({ services }: { readonly services: readonly Service[] }) {
  const t = useTexts(submitTexts);
  const [search, change] = useSearchState();
  const service =
    services.find(one => one.name === search.service) ?? services.find(one => one.name === 'visage') ?? services[0]!;
  const schema = useQuery(schemaOf(service.name));
  const operations: readonly Pick<Schemas['OperationSchema'], 'name' | 'description'>[] =
    schema.data?.operations ?? (service.operations ?? []).map(one => ({ name: one.name, description: null }));
  const operation = operations.find(one => one.name === search.operation) ?? operations[0];
  return (
    <div className="stack">
      <div className="panel submit-target">
        <Select
          label={t('service')}
          value={service.name}
          choices={services.map(one => one.name)}
          onChange={name => change({ service: name, operation: undefined })}
        />
        {operations.length > 1 && (
          <Select
            label={t('operation')}
            value={operation?.name ?? ''}
            choices={operations.map(one => one.name)}
            onChange={name => change({ operation: name })}
          />
        )}
        <p className="quiet submit-about">
          {[schema.data?.description, operation?.description].filter(text => text).join(' ')}
          {schema.data === null && t('noSchema')}
        </p>
      </div>
      {schema.isPending ? (
        <Loading />
      ) : (
        <SubmitForm
          key={`${service.name}.${operation?.name}`}
          service={service.name}
          schema={schema.data ?? undefined}
          operation={operation?.name}
        />
      )}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly string[];
  readonly onChange: (value: string) => void;
}

function Select({ label, value, choices, onChange }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={event => onChange(event.target.value)}>
        {choices.map(choice => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </div>
  );
}
