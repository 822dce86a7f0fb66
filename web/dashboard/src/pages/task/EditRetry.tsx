import { useId, useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { TaskDetail } from '../../api/types';
import { Button, say } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { noteRetry, retriableTask, retryOf } from '../../steady/retries';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { itemOf, readItem, writeItem } from './input';
import './task.css';
import { taskTexts } from './texts';

/** Changes the input of a failed task and runs it again. What the service or the server refuses stays open with its reason. */
export function EditRetry({ task, onClose }: { readonly task: TaskDetail; readonly onClose: () => void }) {
  const t = useTexts(taskTexts);
  const w = useTexts(words);
  const id = useId();
  const item = itemOf(task);
  const [text, setText] = useState(() => writeItem(item));
  const [fault, setFault] = useState<string>();
  const retry = useAct({
    mutationFn: (input: unknown) => client.tasks.retry(task.id, { input }),
    onSuccess: () => {
      noteRetry(retriableTask(task), 1);
      say({ title: t('retried'), kind: 'good', of: retryOf(task) });
      for (const queryKey of [['task', task.id], ['job', task.job_id], ['tasks'], ['failures', task.job_id]]) {
        void queryClient.invalidateQueries({ queryKey });
      }
      onClose();
    },
    onError: error => setFault(error.message),
  });
  const run = () => {
    const read = readItem(text, item);
    if ('fault' in read) setFault(t('notJson', { reason: read.fault }));
    else retry.mutate(read.item);
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('editRetry')}
      text={t('editText')}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          <Button look="main" onClick={run} disabled={retry.isPending}>
            {t('run')}
          </Button>
        </>
      }
    >
      <div className="field">
        <label htmlFor={id}>{t('editLabel')}</label>
        <textarea
          id={id}
          className="input task-edit"
          rows={8}
          spellCheck={false}
          value={text}
          aria-invalid={fault !== undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={event => {
            setText(event.target.value);
            setFault(undefined);
          }}
        />
        {fault && (
          <p id={`${id}-fault`} className="fault" role="alert">
            {fault}
          </p>
        )}
      </div>
    </Dialog>
  );
}
