import { useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Button, say, sayFailure } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type Chosen, PersonField } from '../people/PersonField';
import { galleryChanged, type Person } from '../people/queries';
import { personTexts } from './texts';

interface SplitDialogProps {
  readonly person: Person;
  readonly faces: readonly string[];
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

/** Asks whose the chosen faces are, says what will happen, and moves them. */
export default function SplitDialog({ person, faces, onClose, onMoved }: SplitDialogProps) {
  const t = useTexts(personTexts);
  const w = useTexts(words);
  const [into, setInto] = useState<Chosen>();
  const split = useAct({
    mutationFn: (whose: Chosen) =>
      client.people.split(person.id, [...faces], whose.id === undefined ? { name: whose.name } : { into: whose.id }),
    onSuccess: ({ into: taker, rematch }) => {
      const judged = rematch.judged + rematch.waiting;
      say({
        title: t('splitDone', { name: taker.name }),
        text: judged > 0 ? t('judgedAgain', { count: judged }) : '',
        kind: 'good',
      });
      onMoved();
      void galleryChanged();
      void queryClient.invalidateQueries({ queryKey: ['results'] });
    },
    onError: error => sayFailure(t('splitFailed'), error),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('splitTitle', { count: faces.length })}
      text={into && t('splitText', { count: faces.length, from: person.name, into: into.name })}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          {into && (
            <>
              <Button onClick={() => setInto(undefined)}>{t('splitOther')}</Button>
              <Button look="danger" disabled={split.isPending} onClick={() => split.mutate(into)}>
                {t('split')}
              </Button>
            </>
          )}
        </>
      }
    >
      {!into && <PersonField label={t('splitWho')} without={[person.id]} onChoose={setInto} />}
    </Dialog>
  );
}
