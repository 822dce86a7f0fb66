import { useMutation, useQuery } from '@tanstack/react-query';
import { UserRound, X } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../api/client';
import { useMay } from '../../app/me';
import { Button, Empty, Panel, say, sayFailure, Time } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useTexts } from '../../texts/texts';
import { FaceImage, ShownPeople } from '../people/Faces';
import { pictureAddress } from '../people/pictures';
import { galleryChanged, type Person, peopleQueries } from '../people/queries';
import { personTexts } from './texts';

/** The faces that photos are compared with; a wrong one can be removed. */
export function EnrolledFaces({ person }: { readonly person: Person }) {
  const t = useTexts(personTexts);
  const mayOperate = useMay('operate');
  const faces = useQuery(peopleQueries.faces(person.id));
  const [asked, setAsked] = useState<string>();
  const remove = useMutation({
    mutationFn: (face: string) => client.people.deleteFace(person.id, face),
    onSuccess: () => say({ title: t('removed'), kind: 'good' }),
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
              <p className="quiet">{t('enrolledText')}</p>
              <ul className="person-faces" aria-label={t('enrolled')}>
                {data.map((face, index) => (
                  <li key={face.id}>
                    <FaceImage src={pictureAddress(face.picture)} name="" />
                    <span className="quiet">
                      <Time at={face.created_at} style="narrow" />
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
