import { client } from '../../api/client';
import { galleryChanged } from '../../pages/people/queries';
import { say, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import type { Face, Match } from './judge';
import { facesTexts } from './texts';
import { followRematch } from './useRematch';

interface Act {
  readonly kind: 'confirm' | 'reject' | 'name';
  readonly face: Face;
  /** Whom it is about; without an id, a new person. */
  readonly person: Pick<Match, 'name'> & { readonly id?: string | undefined };
}

/** "This is Ann", "this is not Ann", "this is somebody called Ann". The result is judged again before the server answers. */
export function useActs(jobId: string, readOne: (taskId: string) => Promise<void>) {
  const t = useTexts(facesTexts);
  const act = useAct({
    mutationFn: async ({ kind, face, person }: Act) => {
      const faces = [{ task: face.task, face: face.index }];
      const { id } = person;
      if (kind === 'reject' && id !== undefined) {
        const answer = await client.request('/api/people/{id}/rejections', 'post', { path: { id }, body: { faces } });
        return { rematch: answer.rematch, rejection: answer.data[0]?.id };
      }
      const changed =
        id === undefined
          ? await client.people.add({ name: person.name, faces })
          : await client.people.addPhotos(id, { faces });
      return { rematch: changed.rematch, rejection: undefined };
    },
    onSuccess: async ({ rematch, rejection }, { kind, face, person }) => {
      const title = t(kind === 'reject' ? 'rejected' : kind === 'confirm' ? 'confirmed' : 'named', {
        name: person.name,
      });
      const { id } = person;
      say({
        title,
        kind: 'good',
        ...(rematch && rematch.waiting > 0 && { text: t('waiting') }),
        ...(rejection !== undefined && id !== undefined && { action: undoOf(id, rejection, face.task) }),
      });
      await Promise.all([readOne(face.task), followRematch(jobId), galleryChanged()]);
    },
    onError: error => sayFailure(t('actFailed'), error),
  });
  const undoOf = (id: string, rejection: string, task: string) => ({
    label: t('undo'),
    act: () => {
      client
        .request('/api/people/{id}/rejections/{rejection}', 'delete', { path: { id, rejection } })
        .then(() => Promise.all([readOne(task), followRematch(jobId)]))
        .catch((error: unknown) => sayFailure(t('actFailed'), error));
    },
  });
  return act;
}
