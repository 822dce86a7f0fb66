import { useId, useState } from 'react';
import { client } from '../../api/client';
import { Button } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { refusalsOf } from '../../schema/refusals';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type ImportLine, readLines } from './importLines';
import { galleryChanged } from './queries';
import { peopleTexts } from './texts';
import { LookAgain } from './useLook';

/** A folder of the server with a folder for each person; says of each photo that was not used why. */
export default function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(peopleTexts);
  const w = useTexts(words);
  const id = useId();
  const [folder, setFolder] = useState('');
  const [lines, setLines] = useState<readonly ImportLine[]>([]);
  const [state, setState] = useState<'asked' | 'running' | 'done'>('asked');
  const [fault, setFault] = useState<string>();
  const run = async () => {
    setState('running');
    setFault(undefined);
    setLines([]);
    try {
      const answer = await client.open('/api/people/import/folder', 'post', { body: { folder: folder.trim() } });
      if (answer.body) for await (const line of readLines(answer.body)) setLines(before => [...before, line]);
      setState('done');
    } catch (error) {
      setFault(refusalsOf(error).folder ?? (error instanceof Error ? error.message : String(error)));
      setState('asked');
    }
    void galleryChanged();
  };
  const refused = lines.filter(line => line.refusal !== null && line.refusal !== undefined);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('importFolder')}
      actions={
        <>
          <Button onClick={onClose}>{state === 'done' ? w('close') : w('cancel')}</Button>
          <Button look="main" disabled={state === 'running' || folder.trim() === ''} onClick={() => void run()}>
            {t('import')}
          </Button>
        </>
      }
    >
      <div className="field">
        <label htmlFor={id}>{t('folder')}</label>
        <input
          id={id}
          className="input"
          autoComplete="off"
          spellCheck={false}
          placeholder="/photos/people"
          aria-describedby={`${id}-hint`}
          aria-invalid={fault !== undefined}
          value={folder}
          onChange={event => setFolder(event.target.value)}
        />
        <p id={`${id}-hint`} className="quiet">
          {t('folderHint')}
        </p>
      </div>
      <div role="status">
        {state === 'running' && t('importing', { count: lines.length })}
        {state === 'done' && t('imported', { used: lines.length - refused.length, refused: refused.length })}
        {fault && <p className="fault">{fault}</p>}
      </div>
      {state === 'done' && lines.length > refused.length && <LookAgain look="main" />}
      {refused.length > 0 && (
        <ul className="people-refused">
          {refused.map(line => (
            <li key={line.file} className="fault">
              {t('notUsed', { file: line.file, reason: line.refusal ?? '' })}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
