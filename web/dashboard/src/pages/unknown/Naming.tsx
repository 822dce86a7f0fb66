import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { useMay } from '../../app/me';
import { Button, say, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { type Enrolled, noteEnrolled } from '../../views/faces/enrolFace';
import { facesTexts } from '../../views/faces/texts';
import { followRematch } from '../../views/faces/useRematch';
import { type Chosen, PersonField } from '../people/PersonField';
import { galleryChanged, takenBy } from '../people/queries';
import { peopleTexts } from '../people/texts';
import { useNextLook } from '../people/useLook';
import type { Face } from './leftOut';
import { noteName } from './ownNames';
import { type Group, groupsOf, readGroupsAgain } from './queries';
import { unknownTexts } from './texts';
import { undoName } from './undoName';

interface NamingProps {
  readonly job: Job;
  readonly group: Group;
  /** Faces of the group that are somebody else's. */
  readonly leftOut: readonly Face[];
  readonly onNamed: () => void;
}

/** Says who a group is; every result of the job follows. */
export function Naming({ job, group, leftOut, onNamed }: NamingProps) {
  const t = useTexts(unknownTexts);
  const p = useTexts(peopleTexts);
  const f = useTexts(facesTexts);
  const mayUndo = useMay('operate');
  const next = useNextLook();
  const isNobodyLeft = leftOut.length >= group.faces;
  const name = useAct({
    mutationFn: (person: Chosen) =>
      noteEnrolled(
        person.id,
        mayUndo,
        () =>
          client.request('/api/jobs/{id}/clusters/{group}/name', 'post', {
            path: { id: job.id, group: group.group },
            body: {
              ...(person.id === undefined ? { name: person.name } : { person_id: person.id }),
              ...(leftOut.length > 0 && { without: [...leftOut] }),
            },
          }),
        done => done.person.id,
      ),
    onSuccess: ({ done: { person, rejected, rematch }, enrolled }) => {
      noteName(job, rematch);
      const text = [...(rejected > 0 ? [`${t('others', { count: rejected })}.`] : []), p('othersWait')].join(' ');
      const undo = enrolled.faces.length > 0 && {
        action: { label: f('undo'), act: () => takeBack(enrolled, person.name) },
      };
      say({ title: t('named', { name: person.name }), text, kind: 'good', next, ...undo });
      void queryClient.invalidateQueries({ queryKey: ['groups', job.id] });
      void followRematch(job.id);
      void galleryChanged();
      onNamed();
    },
  });
  const takeBack = (enrolled: Enrolled, name: string) => {
    const clusters = queryClient.getQueryData(groupsOf(job.id).queryKey)?.pages[0];
    if (!clusters) return;
    undoName(enrolled, clusters)
      .then(end => {
        say({ title: t('unnamed', { name }), kind: 'good', ...(end && { text: f(end, { name }) }) });
        return Promise.all([readGroupsAgain(job.id), followRematch(job.id), galleryChanged()]);
      })
      .catch((error: unknown) => sayFailure(f('actFailed'), error));
  };
  const taken = takenBy(name.error);
  return (
    <>
      <PersonField
        label={t('name')}
        disabled={name.isPending || isNobodyLeft}
        onChoose={person => name.mutate(person)}
      />
      {isNobodyLeft && <p role="alert">{t('nobodyLeft')}</p>}
      {name.isError && (
        <div role="alert" className="stack">
          <p className="fault">{taken ? t('taken') : name.error.message}</p>
          {taken && (
            <div className="row">
              <Button onClick={() => name.mutate({ id: taken, name: name.variables?.name ?? '' })}>
                {t('addThere', { name: name.variables?.name ?? '' })}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}
