import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { Button, say } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { followRematch } from '../../views/faces/useRematch';
import { FaceImage } from '../people/Faces';
import { type Chosen, PersonField } from '../people/PersonField';
import { pictureAddress } from '../people/pictures';
import { galleryChanged, takenBy } from '../people/queries';
import type { Group } from './queries';
import { unknownTexts } from './texts';

interface NameDialogProps {
  readonly job: Job;
  readonly group: Group;
  readonly onClose: () => void;
}

/** Says who a group is; every result of the job follows. */
export function NameDialog({ job, group, onClose }: NameDialogProps) {
  const t = useTexts(unknownTexts);
  const name = useAct({
    mutationFn: (person: Chosen) =>
      client.request('/api/jobs/{id}/clusters/{group}/name', 'post', {
        path: { id: job.id, group: group.group },
        body: person.id === undefined ? { name: person.name } : { person_id: person.id },
      }),
    onSuccess: ({ person }) => {
      say({ title: t('named', { name: person.name }), kind: 'good' });
      void queryClient.invalidateQueries({ queryKey: ['groups', job.id] });
      void followRematch(job.id);
      void galleryChanged();
      onClose();
    },
  });
  const taken = takenBy(name.error);
  return (
    <Dialog open onClose={onClose} title={t('name')} text={t('nameText')}>
      <div className="unknown-examples">
        {group.examples.map(face => (
          <FaceImage key={`${face.task}:${face.face}`} src={pictureAddress(face.picture_url)} name="" />
        ))}
      </div>
      <PersonField label={t('name')} disabled={name.isPending} onChoose={person => name.mutate(person)} />
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
    </Dialog>
  );
}
