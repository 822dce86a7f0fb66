import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '../../api/client';
import { useMay } from '../../app/me';
import { Button, Panel, say, sayFailure, Time } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useSettling } from '../../steady/useSettling';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { FaceImage } from '../people/Faces';
import { pictureAddress } from '../people/pictures';
import { galleryChanged, type Person, peopleQueries } from '../people/queries';
import { personTexts } from './texts';

/** Faces that are not of the person; shown only where there are some. */
export function Rejections({ person }: { readonly person: Person }) {
  const t = useTexts(personTexts);
  const w = useTexts(words);
  const mayOperate = useMay('operate');
  const rejections = useInfiniteQuery(peopleQueries.rejections(person.id));
  const takeBack = useAct({
    mutationFn: (rejection: string) =>
      client.request('/api/people/{id}/rejections/{rejection}', 'delete', { path: { id: person.id, rejection } }),
    onSuccess: () => say({ title: t('takenBack'), kind: 'good' }),
    onError: error => sayFailure(t('takeBackFailed'), error),
    onSettled: () => galleryChanged(),
  });
  // The next one comes to the place of the one that was taken back.
  const isBusy = useSettling(takeBack);
  const all = rejections.data?.pages.flatMap(page => page.data) ?? [];
  if (all.length === 0) return null;
  return (
    <Panel title={t('rejections')}>
      <p className="quiet">{t('rejectionsText')}</p>
      <ul className="person-faces" aria-label={t('rejections')}>
        {all.map(one => {
          const face = <FaceImage src={one.picture ? pictureAddress(one.picture) : ''} name="" />;
          return (
            <li key={one.id}>
              {one.task ? (
                <Link to="/tasks/$taskId" params={{ taskId: one.task }} aria-label={one.task}>
                  {face}
                </Link>
              ) : (
                face
              )}
              <span className="quiet">
                <Time at={one.created_at} style="narrow" />
              </span>
              {mayOperate && (
                <Button disabled={isBusy} onClick={() => takeBack.mutate(one.id)}>
                  {t('takeBack')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {rejections.hasNextPage && <Button onClick={() => void rejections.fetchNextPage()}>{w('more')}</Button>}
    </Panel>
  );
}
