import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { Button, say } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { galleryChanged, type Person } from '../people/queries';
import { personTexts } from './texts';

interface RenameDialogProps {
  readonly person: Person;
  readonly onClose: () => void;
  readonly onMerge: () => void;
}

export default function RenameDialog({ person, onClose, onMerge }: RenameDialogProps) {
  const t = useTexts(personTexts);
  const w = useTexts(words);
  const id = useId();
  const [name, setName] = useState(person.name);
  const rename = useAct({
    mutationFn: () => client.people.patch(person.id, { name: name.trim() }),
    onSuccess: changed => {
      say({ title: t('renamed', { name: changed.name }), kind: 'good' });
      void galleryChanged();
      onClose();
    },
  });
  const isTaken = rename.error && 'status' in rename.error && rename.error.status === 409;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && name.trim() !== person.name) rename.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('rename')}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button
            look="main"
            type="submit"
            form={id}
            disabled={rename.isPending || name.trim() === '' || name.trim() === person.name}
          >
            {t('rename')}
          </Button>
        </>
      }
    >
      <form id={id} className="field" onSubmit={send}>
        <label htmlFor={`${id}-name`}>{t('newName')}</label>
        <input
          id={`${id}-name`}
          className="input"
          autoComplete="off"
          value={name}
          aria-invalid={rename.isError}
          onChange={event => setName(event.target.value)}
        />
      </form>
      {rename.isError && (
        <div role="alert" className="stack">
          <p className="fault">{isTaken ? t('takenText') : rename.error.message}</p>
          {isTaken && (
            <div className="row">
              <Button onClick={onMerge}>{t('merge')}</Button>
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
