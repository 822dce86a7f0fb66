import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { Button, say } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { followRematch } from '../../views/faces/useRematch';
import { type Chosen, PersonField } from '../people/PersonField';
import { galleryChanged, takenBy } from '../people/queries';
import type { Face } from './leftOut';
import type { Group } from './queries';
import { unknownTexts } from './texts';

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
  const isNobodyLeft = leftOut.length >= group.faces;
  const name = useAct({
    mutationFn: (person: Chosen) =>
      client.request('/api/jobs/{id}/clusters/{group}/name', 'post', {
        path: { id: job.id, group: group.group },
        body: {
          ...(person.id === undefined ? { name: person.name } : { person_id: person.id }),
          ...(leftOut.length > 0 && { without: [...leftOut] }),
        },
      }),
    onSuccess: ({ person, rejected }) => {
      const others = rejected > 0 && { text: t('others', { count: rejected }) };
      say({ title: t('named', { name: person.name }), ...others, kind: 'good' });
      void queryClient.invalidateQueries({ queryKey: ['groups', job.id] });
      void followRematch(job.id);
      void galleryChanged();
      onNamed();
    },
  });
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
