import { useId } from 'react';
import { useTexts } from '../texts/texts';
import type { Fault } from './check';
import { type Field, labelOf } from './schema';
import { schemaTexts } from './texts';

export type FormTexts = Readonly<Record<string, string>>;

interface SchemaFormProps {
  readonly fields: readonly Field[];
  readonly texts: FormTexts;
  readonly faults: readonly Fault[];
  readonly onChange: (name: string, text: string) => void;
  /** What the last answer of the server said of a field. */
  readonly refusals?: Readonly<Record<string, string>>;
}

/** The fields of an object, made from its schema. An empty field is left out, and the service's default counts. */
export function SchemaForm({ fields, texts, faults, onChange, refusals = {} }: SchemaFormProps) {
  const t = useTexts(schemaTexts);
  return fields.map(field => {
    const own = faults.find(({ field: at }) => at === field.name || new RegExp(`^${field.name}[.[]`).test(at));
    const fault = own ? t(own.rule, { limit: own.limit ?? '' }) : refusals[field.name];
    return (
      <SchemaField
        key={field.name}
        field={field}
        text={texts[field.name] ?? ''}
        fault={fault}
        onChange={text => onChange(field.name, text)}
      />
    );
  });
}

interface SchemaFieldProps {
  readonly field: Field;
  readonly text: string;
  readonly fault?: string | undefined;
  readonly onChange: (text: string) => void;
}

export function SchemaField({ field, text, fault, onChange }: SchemaFieldProps) {
  const t = useTexts(schemaTexts);
  const id = useId();
  const { schema, kind, name, isLong = false } = field;
  const fallback = schema.default === undefined ? undefined : String(schema.default);
  const hints = [
    schema.description,
    kind === 'json' ? t('asJson') : undefined,
    fallback === undefined || kind === 'choice' || kind === 'boolean' ? undefined : t('standard', { value: fallback }),
  ].filter(hint => hint !== undefined);
  const hint = hints.map(one => one.replace(/\.?$/, '.')).join(' ');
  const common = {
    id,
    className: 'input',
    value: text,
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${id}-hint`,
  };
  const choices = kind === 'boolean' ? ['true', 'false'] : (schema.enum ?? []).map(String);
  const word = (choice: string) => (kind !== 'boolean' ? choice : choice === 'true' ? t('yes') : t('no'));
  return (
    <div className="field">
      <label htmlFor={id} title={name}>
        {labelOf(name)} {field.isRequired && <span className="quiet">({t('isRequired')})</span>}
      </label>
      {choices.length > 0 ? (
        <select {...common} onChange={event => onChange(event.target.value)}>
          <option value="">{fallback === undefined ? t('notSet') : t('standard', { value: word(fallback) })}</option>
          {choices.map(choice => (
            <option key={choice} value={choice}>
              {word(choice)}
            </option>
          ))}
        </select>
      ) : kind === 'json' || isLong ? (
        <textarea {...common} rows={3} spellCheck={false} onChange={event => onChange(event.target.value)} />
      ) : (
        <input
          {...common}
          type={kind === 'secret' ? 'password' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          onChange={event => onChange(event.target.value)}
        />
      )}
      <p id={`${id}-hint`} className={fault ? 'fault' : 'quiet'}>
        {fault ?? hint}
      </p>
    </div>
  );
}
