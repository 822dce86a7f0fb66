import { useId } from 'react';
import { useTexts } from '../../texts/texts';
import { submitTexts } from './texts';

interface NameFieldProps {
  readonly name: string;
  readonly fault: string | undefined;
  readonly onChange: (name: string) => void;
}

/** What the job is called in every list; what the files suggest stands there already. */
export function NameField({ name, fault, onChange }: NameFieldProps) {
  const t = useTexts(submitTexts);
  const id = useId();
  return (
    <div className="panel field">
      <label htmlFor={id}>{t('name')}</label>
      <input
        id={id}
        className="input"
        autoComplete="off"
        maxLength={1000}
        value={name}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-hint`}
        onChange={event => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className={fault ? 'fault' : 'quiet'}>
        {fault ?? t('nameHint')}
      </p>
    </div>
  );
}
