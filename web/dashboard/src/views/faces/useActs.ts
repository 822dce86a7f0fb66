import { client } from '../../api/client';
import { useMay } from '../../app/me';
import { galleryChanged } from '../../pages/people/queries';
import { peopleTexts } from '../../pages/people/texts';
import { useNextLook } from '../../pages/people/useLook';
import { say, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { type Enrolled, enrolFace, takeOut } from './enrolFace';
import type { Face, Match } from './judge';
import { facesTexts } from './texts';
import { followRematch, useStartRematch } from './useRematch';

interface Act {
  readonly kind: 'confirm' | 'reject' | 'name';
  readonly face: Face;
  /** Whom it is about; without an id, a new person. */
  readonly person: Pick<Match, 'name'> & { readonly id?: string | undefined };
}

/** "This is Ann", "this is not Ann", "this is somebody called Ann". The result is judged again before the server answers. */
export function useActs(jobId: string, readOne: (taskId: string) => Promise<void>) {
  const t = useTexts(facesTexts);
  const p = useTexts(peopleTexts);
  const mayUndo = useMay('operate');
  const next = useNextLook();
  const judge = useStartRematch(jobId);
  const act = useAct({
    mutationFn: async ({ kind, face, person }: Act) => {
      const faces = [{ task: face.task, face: face.index }];
      const { id } = person;
      if (kind === 'reject' && id !== undefined) {
        const answer = await client.request('/api/people/{id}/rejections', 'post', { path: { id }, body: { faces } });
        return { rematch: answer.rematch, rejection: answer.data[0]?.id };
      }
      return enrolFace(faces[0]!, person, mayUndo);
    },
    onSuccess: async (done, { kind, face, person }) => {
      const title = t(kind === 'reject' ? 'rejected' : kind === 'confirm' ? 'confirmed' : 'named', {
        name: person.name,
      });
      const { id } = person;
      const { rematch } = done;
      const isEnrolled = 'faces' in done;
      const undo = isEnrolled
        ? done.faces.length > 0 && undoNaming(done, person.name)
        : done.rejection !== undefined && id !== undefined && undoOf(id, done.rejection, face.task);
      const text = rematch && rematch.waiting > 0 ? t('waiting') : kind === 'name' ? p('othersWait') : undefined;
      say({
        title,
        kind: 'good',
        ...(text !== undefined && { text }),
        ...(undo && { action: undo }),
        ...(kind === 'name' && { next }),
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
  const undoNaming = (enrolled: Enrolled, name: string) => ({
    label: t('undo'),
    act: () => {
      takeOut(enrolled)
        .then(async end => {
          say({ title: t('undone', { name }), kind: 'good', ...(end && { text: t(end, { name }) }) });
          judge.mutate(undefined);
          await galleryChanged();
        })
        .catch((error: unknown) => sayFailure(t('actFailed'), error));
    },
  });
  return act;
}
