import { useQuery } from '@tanstack/react-query';
import { Split, UserRound, X } from 'lucide-react';
import { Suspense, useState } from 'react';
import { client } from '../../api/client';
import { useMay } from '../../app/me';
import { Button, Empty, Panel, say, sayFailure, Time } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { lazyPart } from '../../parts/patient';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { FaceImage, ShownPeople } from '../people/Faces';
import { pictureAddress } from '../people/pictures';
import { galleryChanged, type Person, peopleQueries } from '../people/queries';
import { useNextLook } from '../people/useLook';
import { personTexts } from './texts';

const SplitDialog = lazyPart(() => import('./SplitDialog'));
const none: ReadonlySet<string> = new Set();

/** The faces that photos are compared with; wrong ones can be removed, or given to whom they are of. */
export function EnrolledFaces({ person }: { readonly person: Person }) {
  const t = useTexts(personTexts);
  const mayOperate = useMay('operate');
  const faces = useQuery(peopleQueries.faces(person.id));
  const [asked, setAsked] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(none);
  const [isSplitting, setSplitting] = useState(false);
  const choose = (face: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(face);
    else next.delete(face);
    setChosen(next);
  };
  const next = useNextLook();
  const remove = useAct({
    mutationFn: (face: string) => client.people.deleteFace(person.id, face),
    onSuccess: () => say({ title: t('removed'), text: t('removedText'), kind: 'good', next }),
    onError: error => sayFailure(t('removeFailed'), error),
    onSettled: () => galleryChanged(),
  });
  return (
    <Panel title={t('enrolled')}>
      <ShownPeople query={faces}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty icon={UserRound} title={t('noFaces')} text={t('noFacesText')} />
          ) : (
            <>
              <div className="row">
                <span className="quiet">{t(mayOperate ? 'enrolledChoose' : 'enrolledText')}</span>
                {chosen.size > 0 && (
                  <>
                    <Button icon={Split} disabled={chosen.size >= data.length} onClick={() => setSplitting(true)}>
                      {t('splitChosen', { count: chosen.size })}
                    </Button>
                    <Button look="quiet" onClick={() => setChosen(none)}>
                      {t('chooseNone')}
                    </Button>
                    {chosen.size >= data.length && <span className="quiet">{t('splitNotAll')}</span>}
                  </>
                )}
              </div>
              <ul className="person-faces" aria-label={t('enrolled')}>
                {data.map((face, index) => (
                  <li key={face.id}>
                    <FaceImage src={pictureAddress(face.picture)} name="" />
                    <span className="person-choose">
                      {mayOperate && data.length > 1 && (
                        <input
                          type="checkbox"
                          checked={chosen.has(face.id)}
                          aria-label={t('chooseFace', { number: index + 1 })}
                          onChange={event => choose(face.id, event.target.checked)}
                        />
                      )}
                      <span className="quiet">
                        <Time at={face.created_at} style="narrow" />
                      </span>
                    </span>
                    {mayOperate && (
                      <Button
                        icon={X}
                        className="person-remove"
                        label={t('removeFace', { number: index + 1 })}
                        onClick={() => setAsked(face.id)}
                      />
                    )}
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </ShownPeople>
      {isSplitting && (
        <Suspense>
          <SplitDialog
            person={person}
            faces={[...chosen]}
            onClose={() => setSplitting(false)}
            onMoved={() => {
              setSplitting(false);
              setChosen(none);
            }}
          />
        </Suspense>
      )}
      <ConfirmDialog
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={t('removeFaceAsk')}
        consequence={t('removeFaceText')}
        act={t('remove')}
        onConfirm={() => asked && remove.mutate(asked)}
      />
    </Panel>
  );
}
