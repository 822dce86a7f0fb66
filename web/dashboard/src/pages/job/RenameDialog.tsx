import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { jobName } from '../../api/jobName';
import { queryClient } from '../../api/queries';
import type { JobDetail } from '../../api/types';
import { Button, say } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { actTexts } from './acts.texts';

/** Gives the job another name. It is a label only: nothing else changes. */
export default function RenameDialog({ job, onClose }: { readonly job: JobDetail; readonly onClose: () => void }) {
  const t = useTexts(actTexts);
  const w = useTexts(words);
  const id = useId();
  const [name, setName] = useState(job.name);
  const wanted = name.trim();
  const rename = useAct({
    mutationFn: () => client.jobs.patch(job.id, { name: wanted }),
    onSuccess: changed => {
      say({ title: t('didRename', { name: jobName(changed) }), kind: 'good' });
      for (const list of ['job', 'jobs', 'live-jobs', 'sorted-jobs'])
        void queryClient.invalidateQueries({ queryKey: [list] });
      onClose();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (wanted !== job.name) rename.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('rename')}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button look="main" type="submit" form={id} disabled={rename.isPending || wanted === job.name}>
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
          placeholder={jobName({ ...job, name: '' })}
          value={name}
          aria-invalid={rename.isError}
          aria-describedby={rename.isError ? `${id}-fault` : undefined}
          onChange={event => setName(event.target.value)}
        />
        {rename.isError && (
          <p id={`${id}-fault`} className="fault" role="alert">
            {rename.error.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}
