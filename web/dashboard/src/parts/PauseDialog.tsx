import { type FormEvent, useId, useState } from 'react';
import { formatClock } from '../format/times';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { pauseTexts } from './pause.texts';
import { endOf, fieldTime, nextMorning, type PauseChoice, pauseChoices } from './pauseEnds';
import { useNow } from './useNow';

export interface PauseDialogProps {
  readonly title: string;
  /** What the pause means. */
  readonly text?: string;
  /** The verb on the button. */
  readonly act: string;
  /** When a pause that is there ends. */
  readonly until?: string | null | undefined;
  /** Gets when the pause ends; nothing for one that lasts until somebody resumes. */
  readonly onPause: (end: { readonly until?: string }) => void;
  readonly onClose: () => void;
}

/** Asks how long to pause: until somebody resumes, for an hour, until the morning, or until a time of the person's own. */
export default function PauseDialog({ title, text, act, until, onPause, onClose }: PauseDialogProps) {
  const t = useTexts(pauseTexts);
  const w = useTexts(words);
  const id = useId();
  const now = useNow(1000);
  const [choice, setChoice] = useState<PauseChoice>(until ? 'own' : 'resumed');
  const [own, setOwn] = useState(() => fieldTime(until ? Date.parse(until) : nextMorning(Date.now())));
  const end = endOf(choice, own, now);
  const isValid = end === undefined || end > now;
  // A field that is not filled in is no time that is over.
  const isPast = !isValid && !Number.isNaN(end);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isValid) return;
    onPause(end === undefined ? {} : { until: new Date(end).toISOString() });
    onClose();
  };
  const time = (at: number) => formatClock(at, now);
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={text}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button look="main" type="submit" form={id} disabled={!isValid}>
            {act}
          </Button>
        </>
      }
    >
      <form id={id} className="stack" onSubmit={send}>
        <fieldset className="choices">
          <legend>{t('howLong')}</legend>
          {pauseChoices.map(one => (
            <label key={one}>
              <input type="radio" name={`${id}-end`} checked={one === choice} onChange={() => setChoice(one)} />
              {t(one, one === 'hour' || one === 'morning' ? { time: time(endOf(one, '', now)!) } : undefined)}
            </label>
          ))}
        </fieldset>
        {choice === 'own' && (
          <div className="field">
            <label htmlFor={`${id}-own`}>{t('ownTime')}</label>
            <input
              id={`${id}-own`}
              className="input"
              type="datetime-local"
              value={own}
              aria-invalid={isPast}
              aria-describedby={isPast ? `${id}-fault` : undefined}
              onChange={event => setOwn(event.target.value)}
            />
            {isPast && (
              <p id={`${id}-fault`} className="fault" role="alert">
                {t('past')}
              </p>
            )}
          </div>
        )}
      </form>
    </Dialog>
  );
}
