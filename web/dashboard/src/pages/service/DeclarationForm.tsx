import { type FormEvent, useId, useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { Button, say } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { declarationOf } from './queries';
import { serviceTexts } from './texts';

interface DeclarationFormProps {
  readonly file: Schemas['Declaration'];
  readonly onClose: () => void;
}

/** Another text for a declaration that was made of a curl command. The server checks it before it takes it. */
export function DeclarationForm({ file, onClose }: DeclarationFormProps) {
  const t = useTexts(serviceTexts);
  const w = useTexts(words);
  const id = useId();
  const [text, setText] = useState(file.text);
  // The file is read again and again: somebody else may have changed it.
  const [before] = useState(file.text);
  const save = useAct({
    mutationFn: () => client.services.changeDeclaration(file.name, text),
    onSuccess: changed => {
      queryClient.setQueryData(declarationOf(file.name).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ['services'] });
      void queryClient.invalidateQueries({ queryKey: ['schema', file.name] });
      say({ title: t('didEdit', { service: file.name }), kind: 'good' });
      onClose();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="stack" onSubmit={send}>
      <div className="field">
        <label htmlFor={id}>{t('editLabel')}</label>
        <textarea
          id={id}
          className="input service-text"
          // biome-ignore lint/a11y/noAutofocus: whoever asked for it writes here next.
          autoFocus
          rows={Math.min(40, text.split('\n').length + 2)}
          spellCheck={false}
          value={text}
          aria-invalid={save.isError}
          aria-describedby={save.isError ? `${id}-fault` : undefined}
          onChange={event => setText(event.target.value)}
        />
        {file.text !== before && !save.isPending && (
          <p className="fault" role="status">
            {t('changedMeanwhile')}
          </p>
        )}
        {save.isError && (
          <p id={`${id}-fault`} className="fault" role="alert">
            {save.error.message}
          </p>
        )}
      </div>
      <div className="row">
        <Button look="main" type="submit" disabled={save.isPending || text === file.text}>
          {t('saveText')}
        </Button>
        <Button onClick={onClose}>{w('cancel')}</Button>
      </div>
    </form>
  );
}
