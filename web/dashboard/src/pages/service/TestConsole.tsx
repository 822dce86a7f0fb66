import type { Json } from '@stashai/client';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import { useSearchState } from '../../app/useSearchState';
import { Button, Panel, Shown } from '../../parts';
import { check, type Fault } from '../../schema/check';
import { refusalsOf } from '../../schema/refusals';
import { type FormTexts, SchemaForm } from '../../schema/SchemaForm';
import { asSchema, type Field, fieldsOf, fileOf, kindOf, labelOf, typedValue, valuesOf } from '../../schema/schema';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { Exchange } from '../services/Exchange';
import { base64Of } from './base64';
import { schemaOf } from './queries';
import { serviceTexts } from './texts';

/** Keys of a configuration that mean nothing for one call. */
const notHere = ['item_ids', 'additional_params'];

/** One call to the service now: a form from its schema, then request, answer and time. */
export function TestConsole({ service }: { readonly service: string }) {
  const t = useTexts(serviceTexts);
  const query = useQuery(schemaOf(service));
  return (
    <Panel title={t('test')}>
      <Shown query={query}>
        {schema => (schema ? <Console key={service} schema={schema} /> : <p className="quiet">{t('noSchema')}</p>)}
      </Shown>
    </Panel>
  );
}

function Console({ schema }: { readonly schema: Schemas['ServiceSchema'] }) {
  const t = useTexts(serviceTexts);
  const id = useId();
  const [search, change] = useSearchState();
  const [texts, setTexts] = useState<FormTexts>({});
  const [configTexts, setConfigTexts] = useState<FormTexts>({});
  const [file, setFile] = useState<File>();
  const [isTried, setTried] = useState(false);
  const stop = useRef<AbortController>(undefined);
  const operation = schema.operations.find(one => one.name === search.operation) ?? schema.operations[0]!;
  const item = asSchema(operation.item_schema);
  const fileField = fileOf(item);
  const fields = fieldsOf(item, ['item_id', 'item_name', 'id']);
  const plain: Field = { name: '', kind: kindOf(item), schema: item, isRequired: true };
  const shown = fields.filter(field => field.name !== fileField);
  const configFields = fieldsOf(asSchema(schema.config_schema), notHere);
  const config = valuesOf(configFields, configTexts);
  const configFaults = check(asSchema(schema.config_schema), config);

  const withFile = (value: Json | undefined): Json | undefined => {
    if (fileField === undefined) return fields.length > 0 ? valuesOf(shown, texts) : typedValue(item, texts[''] ?? '');
    if (fileField === '') return value;
    return { ...valuesOf(shown, texts), ...(value === undefined ? {} : { [fileField]: value }) };
  };
  const url = texts.url?.trim();
  const placeholder = file ? 'file' : url ? { url } : undefined;
  const faults: Fault[] = check(item, withFile(placeholder));
  const seen = isTried ? faults : [];
  const call = useAct({
    mutationFn: async () => {
      stop.current = new AbortController();
      const value = withFile(file ? await base64Of(file) : placeholder);
      return client.services.test(
        schema.name,
        testBody({ items: [value], config }),
        { operation: operation.name },
        { signal: stop.current.signal },
      );
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length === 0 && configFaults.length === 0) call.mutate();
  };
  const set = (name: string, text: string) => setTexts({ ...texts, [name]: text });
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p className="quiet">
        {t('testText')} {operation.description}
      </p>
      {schema.operations.length > 1 && (
        <div className="field">
          <label htmlFor={`${id}-operation`}>{t('operation')}</label>
          <select
            id={`${id}-operation`}
            className="input"
            value={operation.name}
            onChange={event => {
              change({ operation: event.target.value }, true);
              setTexts({});
              setFile(undefined);
              setTried(false);
              call.reset();
            }}
          >
            {schema.operations.map(one => (
              <option key={one.name}>{one.name}</option>
            ))}
          </select>
        </div>
      )}
      <div className="services-fields">
        {fileField !== undefined && (
          <>
            <div className="field">
              <label htmlFor={`${id}-file`}>{fileField ? labelOf(fileField) : t('chooseFile')}</label>
              <input
                id={`${id}-file`}
                className="input"
                type="file"
                aria-invalid={seen.some(fault => fault.field === fileField)}
                onChange={event => setFile(event.target.files?.[0])}
              />
            </div>
            <div className="field">
              <label htmlFor={`${id}-url`}>{t('fileUrl')}</label>
              <input
                id={`${id}-url`}
                className="input"
                inputMode="url"
                value={texts.url ?? ''}
                onChange={event => set('url', event.target.value)}
              />
            </div>
          </>
        )}
        {fields.length > 0 ? (
          <SchemaForm fields={shown} texts={texts} faults={seen} refusals={refusalsOf(call.error)} onChange={set} />
        ) : (
          fileField === undefined && (
            <PlainItem field={plain} text={texts[''] ?? ''} faults={seen} onChange={text => set('', text)} />
          )
        )}
      </div>
      {configFields.length > 0 && (
        <details>
          <summary>{t('config')}</summary>
          <div className="services-fields service-config">
            <SchemaForm
              fields={configFields}
              texts={configTexts}
              faults={configFaults}
              refusals={refusalsOf(call.error)}
              onChange={(name, text) => setConfigTexts({ ...configTexts, [name]: text })}
            />
          </div>
        </details>
      )}
      <div className="row">
        <Button type="submit" look="main" disabled={call.isPending}>
          {t(call.isPending ? 'calling' : 'call')}
        </Button>
        {call.isPending && <Button onClick={() => stop.current?.abort()}>{t('stop')}</Button>}
      </div>
      {call.isError && !stop.current?.signal.aborted && (
        <p className="fault" role="alert">
          {t('notCalled')}: {call.error.message}
        </p>
      )}
      {call.data && <Exchange trial={call.data} />}
    </form>
  );
}

/** The API's document leaves the body open, since it is that of a submit to any service. */
function testBody(body: Readonly<Record<string, unknown>>): Record<string, never> {
  return body as Record<string, never>;
}

interface PlainItemProps {
  readonly field: Field;
  readonly text: string;
  readonly faults: readonly Fault[];
  readonly onChange: (text: string) => void;
}

/** An item that is no object: a text, a number, or any JSON. */
function PlainItem({ field, text, faults, onChange }: PlainItemProps) {
  const t = useTexts(serviceTexts);
  const named = { ...field, name: t('item'), isLong: field.kind === 'text' };
  const own = faults.map(fault => ({ ...fault, field: named.name }));
  return (
    <SchemaForm fields={[named]} texts={{ [named.name]: text }} faults={own} onChange={(_, next) => onChange(next)} />
  );
}
