import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../api/client';
import { forget, queryClient } from '../../api/queries';
import { Button, say, sayFailure } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { FaceImage, ShownPeople } from '../people/Faces';
import { PersonField } from '../people/PersonField';
import { pictureAddress } from '../people/pictures';
import { galleryChanged, type Person, peopleQueries } from '../people/queries';
import { peopleTexts } from '../people/texts';
import { personTexts } from './texts';

interface MergeDialogProps {
  readonly person: Person;
  readonly onClose: () => void;
}

interface Someone {
  readonly id: string;
  readonly name: string;
}

/** Two people side by side, to see that they are one. */
export default function MergeDialog({ person, onClose }: MergeDialogProps) {
  const t = useTexts(personTexts);
  const w = useTexts(words);
  const navigate = useNavigate();
  const [other, setOther] = useState<Someone>();
  const [isSwapped, setSwapped] = useState(false);
  const [into, from] = isSwapped && other ? [other, person] : [person, other];
  const merge = useAct({
    mutationFn: (gone: Someone) => client.people.merge(into.id, [gone.id]),
    onSuccess: async ({ rematch }, gone) => {
      const judged = (rematch?.judged ?? 0) + (rematch?.waiting ?? 0);
      say({
        title: t('merged', { from: gone.name, into: into.name }),
        text: judged > 0 ? t('judgedAgain', { count: judged }) : '',
        kind: 'good',
      });
      onClose();
      if (into.id !== person.id) await navigate({ to: '/people/$personId', params: { personId: into.id } });
      forget(gone.id);
      await galleryChanged();
      void queryClient.invalidateQueries({ queryKey: ['results'] });
    },
    onError: error => sayFailure(t('mergeFailed'), error),
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('mergeTitle')}
      text={from && t('mergeText', { from: from.name, into: into.name })}
      actions={
        <>
          <Button onClick={onClose}>{w('cancel')}</Button>
          {from && (
            <>
              <Button icon={ArrowLeftRight} onClick={() => setSwapped(!isSwapped)}>
                {t('swap')}
              </Button>
              <Button look="danger" disabled={merge.isPending} onClick={() => merge.mutate(from)}>
                {t('merge')}
              </Button>
            </>
          )}
        </>
      }
    >
      {from ? (
        <div className="person-sides">
          <Side person={into} role={t('mergeKeeps')} />
          <Side person={from} role={t('mergeGoes')} />
        </div>
      ) : (
        <PersonField
          label={t('mergeWho', { name: person.name })}
          mayBeNew={false}
          without={[person.id]}
          onChoose={chosen => chosen.id !== undefined && setOther({ id: chosen.id, name: chosen.name })}
        />
      )}
    </Dialog>
  );
}

function Side({ person, role }: { readonly person: Someone; readonly role: string }) {
  const p = useTexts(peopleTexts);
  const faces = useQuery(peopleQueries.faces(person.id));
  return (
    <section className="stack" aria-label={person.name}>
      <div>
        <h3>{person.name}</h3>
        <p className="quiet">
          {role}
          {faces.data && ` · ${p('faces', { count: faces.data.total })}`}
        </p>
      </div>
      <ShownPeople query={faces}>
        {({ data }) => (
          <ul className="person-faces">
            {data.slice(0, 12).map(face => (
              <li key={face.id}>
                <FaceImage src={pictureAddress(face.picture)} name="" />
              </li>
            ))}
          </ul>
        )}
      </ShownPeople>
    </section>
  );
}
