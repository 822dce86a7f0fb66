import { useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { type FormEvent, useDeferredValue, useMemo, useState } from 'react';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { Button, say } from '../../parts';
import { standsAtFoot } from '../../parts/foot';
import { check } from '../../schema/check';
import { refusalsOf } from '../../schema/refusals';
import type { FormTexts } from '../../schema/SchemaForm';
import { asSchema, fieldsOf, valuesOf } from '../../schema/schema';
import { useTexts } from '../../texts/texts';
import { NameField } from './NameField';
import { OptionsPanel } from './OptionsPanel';
import { faultsOf, jobKeys, noOptions, optionsOf } from './options';
import { Progress } from './Progress';
import { QuotePanel, quoteOf } from './QuotePanel';
import { readRows } from './rows';
import { SamplePanel } from './SamplePanel';
import { SourcePanel } from './SourcePanel';
import { type Source, suggestedName } from './source';
import { submitTexts } from './texts';
import { type Cargo, useSending } from './useSending';

interface SubmitFormProps {
  readonly service: string;
  /** Undefined for a service that does not describe its items. */
  readonly schema: Schemas['ServiceSchema'] | undefined;
  readonly operation: string | undefined;
}

/** One service and operation are chosen: what to send, the options, the quote, and the upload. */
export function SubmitForm({ service, schema, operation }: SubmitFormProps) {
  const t = useTexts(submitTexts);
  const navigate = useNavigate();
  const [source, setSource] = useState<Source>({ kind: 'none' });
  const [configTexts, setConfig] = useState<FormTexts>({});
  const [options, setOptions] = useState(noOptions);
  const [typedName, setName] = useState<string>();
  const item = useMemo(
    () => asSchema(schema?.operations.find(one => one.name === operation)?.item_schema),
    [schema, operation],
  );
  const settled = useDeferredValue(source);
  const rows = useMemo(
    () => (settled.kind === 'rows' ? readRows(settled.text, settled.format, item) : undefined),
    [settled, item],
  );
  const fields = fieldsOf(asSchema(schema?.config_schema), jobKeys);
  const config = valuesOf(fields, configTexts);
  const configFaults = fields.flatMap(field =>
    config[field.name] === undefined && !field.isRequired ? [] : check(field.schema, config[field.name], field.name),
  );
  const { sending, start, stop } = useSending(submission => {
    for (const list of ['jobs', 'live-jobs', 'sorted-jobs']) void queryClient.invalidateQueries({ queryKey: [list] });
    void queryClient.invalidateQueries({ queryKey: ['stats'] });
    say({ title: t('submitted', { count: submission.total_tasks }), kind: 'good' });
    void navigate({ to: '/jobs/$jobId', params: { jobId: submission.job_id } });
  });
  const isSending = sending.state === 'sending';
  const count = source.kind === 'files' ? source.files.length : (rows?.items.length ?? 0);
  const isWhole = configFaults.length === 0 && faultsOf(options).length === 0 && (rows?.faultCount ?? 0) === 0;
  const quote = useMemo(
    () => quoteOf({ service, operation: operation ?? null }, count, rows?.items ?? []),
    [service, operation, count, rows],
  );
  // The proposal of the folder stands until somebody types.
  const name = typedName ?? suggestedName(source);
  const refusals = sending.state === 'failed' ? refusalsOf(sending.error) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (count === 0 || !isWhole || isSending || settled !== source) return;
    const cargo: Cargo = source.kind === 'files' ? { files: source.files } : { items: rows?.items ?? [] };
    const whole = optionsOf(name, options);
    void start(operation ? `${service}.${operation}` : service, cargo, { ...whole, config });
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <SourcePanel item={item} source={source} rows={rows} isLocked={isSending} onChange={setSource} />
      {service === 'visage' && source.kind === 'none' && <SamplePanel />}
      {source.kind !== 'none' && <NameField name={name} fault={refusals.job_name} onChange={setName} />}
      <OptionsPanel
        fields={fields}
        config={configTexts}
        configFaults={configFaults}
        refusals={refusals}
        options={options}
        onConfig={setConfig}
        onOptions={setOptions}
      />
      {count > 0 && isWhole && !isSending && <QuotePanel request={quote} />}
      <div ref={standsAtFoot} className="submit-foot">
        <Progress sending={sending} onAbort={stop} />
        {!isSending && (
          <div className="row">
            <Button type="submit" look="main" icon={Play} disabled={count === 0 || !isWhole}>
              {t('start')}
            </Button>
            {count > 0 && <span className="quiet">{t('items', { count })}</span>}
          </div>
        )}
      </div>
    </form>
  );
}
