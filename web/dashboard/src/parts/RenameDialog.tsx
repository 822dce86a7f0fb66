import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useAct } from '../steady/useAct';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { Dialog } from './Dialog';

interface RenameDialogProps<Changed> {
  /** Also what its button says. */
  readonly title: string;
  readonly label: string;
  /** The name as it is. */
  readonly name: string;
  /** What is shown without a name; without it a name is needed. */
  readonly unnamed?: string;
  readonly rename: (name: string) => Promise<Changed>;
  readonly onRenamed: (changed: Changed) => void;
  /** Says why it was refused, and what can be done, where the server's words are not enough. */
  readonly refusal?: (error: Error) => ReactNode;
  readonly onClose: () => void;
}

/** Gives something another name. */
export function RenameDialog<Changed>(props: RenameDialogProps<Changed>) {
  const { title, label, name, unnamed, rename, onRenamed, refusal, onClose } = props;
  const w = useTexts(words);
  const id = useId();
  const [typed, setTyped] = useState(name);
  const wanted = typed.trim();
  const act = useAct({
    mutationFn: () => rename(wanted),
    onSuccess: changed => {
      onRenamed(changed);
      onClose();
    },
  });
  const isNew = wanted !== name && (unnamed !== undefined || wanted !== '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isNew) act.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button look="main" type="submit" form={id} disabled={act.isPending || !isNew}>
            {title}
          </Button>
        </>
      }
    >
      <form id={id} className="field" onSubmit={send}>
        <label htmlFor={`${id}-name`}>{label}</label>
        <input
          id={`${id}-name`}
          className="input"
          autoComplete="off"
          placeholder={unnamed}
          value={typed}
          aria-invalid={act.isError}
          aria-describedby={act.isError ? `${id}-fault` : undefined}
          onChange={event => setTyped(event.target.value)}
        />
      </form>
      {act.isError && (
        <div id={`${id}-fault`} role="alert" className="stack">
          {refusal?.(act.error) || <p className="fault">{act.error.message}</p>}
        </div>
      )}
    </Dialog>
  );
}
