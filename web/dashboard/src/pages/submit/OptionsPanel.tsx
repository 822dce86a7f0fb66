import { useId, useState } from 'react';
import type { Fault } from '../../schema/check';
import { type FormTexts, SchemaForm } from '../../schema/SchemaForm';
import type { Field } from '../../schema/schema';
import { useTexts } from '../../texts/texts';
import { bounds, type Counted, faultsOf, filledCount, type OptionTexts } from './options';
import { submitTexts } from './texts';

interface OptionsPanelProps {
  readonly fields: readonly Field[];
  readonly config: FormTexts;
  readonly configFaults: readonly Fault[];
  readonly refusals: Readonly<Record<string, string>>;
  readonly options: OptionTexts;
  readonly onConfig: (config: FormTexts) => void;
  readonly onOptions: (options: OptionTexts) => void;
}

/** What the service is asked for, from its schema, and how the job runs. It may stay empty, so it is folded until somebody wants it. */
export function OptionsPanel(props: OptionsPanelProps) {
  const { fields, config, configFaults, refusals, options, onConfig, onOptions } = props;
  const t = useTexts(submitTexts);
  const id = useId();
  const faults = faultsOf(options);
  const [isOpen, setOpen] = useState(fields.some(one => one.isRequired));
  const count = filledCount(fields, config, options);
  // What is wrong is not hidden.
  const own = [...fields.map(one => one.name), ...Object.keys(options)];
  const isAsked =
    isOpen || faults.length > 0 || configFaults.length > 0 || own.some(name => refusals[name] !== undefined);
  const field = (name: keyof OptionTexts, hint?: string) => {
    const isWrong = faults.some(one => one === name);
    const [min, max] = isWrong ? bounds[name as Counted] : [0, 0];
    const fault = isWrong ? t('notWhole', { min, max }) : refusals[name];
    return (
      <OptionField
        name={name}
        label={t(name)}
        hint={hint}
        fault={fault}
        value={options[name]}
        onChange={value => onOptions({ ...options, [name]: value })}
      />
    );
  };
  return (
    <details
      className="panel submit-options"
      aria-labelledby={id}
      open={isAsked}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h2 id={id}>{t('options')}</h2>{' '}
        <span className="quiet">{count > 0 ? t('optionsSet', { count }) : t('optionsNone')}</span>
      </summary>
      <div className="stack">
        {fields.length > 0 && (
          <fieldset className="submit-group">
            <legend>{t('config')}</legend>
            <SchemaForm
              fields={fields}
              texts={config}
              faults={configFaults}
              refusals={refusals}
              onChange={(name, text) => onConfig({ ...config, [name]: text })}
            />
          </fieldset>
        )}
        <fieldset className="submit-group">
          <legend>{t('job')}</legend>
          {field('tags', t('tagsHint'))}
          {field('priority', t('priorityHint'))}
          {field('max_parallel', t('max_parallelHint'))}
          {field('max_retries', t('max_retriesHint'))}
          {field('start_at')}
        </fieldset>
      </div>
    </details>
  );
}

interface OptionFieldProps {
  readonly name: keyof OptionTexts;
  readonly label: string;
  readonly hint: string | undefined;
  readonly fault: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function OptionField({ name, label, hint, fault, value, onChange }: OptionFieldProps) {
  const id = useId();
  const isCount = name === 'priority' || name === 'max_parallel' || name === 'max_retries';
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type={name === 'start_at' ? 'datetime-local' : 'text'}
        inputMode={isCount ? 'numeric' : 'text'}
        autoComplete="off"
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-hint`}
        onChange={event => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className={fault ? 'fault' : 'quiet'}>
        {fault ?? hint}
      </p>
    </div>
  );
}
