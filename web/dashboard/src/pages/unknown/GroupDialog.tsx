import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Job } from '../../api/types';
import { Button } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { ShownPeople } from '../people/Faces';
import { GroupFace } from './GroupFace';
import { type Face, faceKey } from './leftOut';
import { Naming } from './Naming';
import { facesOf, type Group } from './queries';
import { unknownTexts } from './texts';

interface GroupDialogProps {
  readonly job: Job;
  readonly group: Group;
  readonly number: number;
  readonly mayName: boolean;
  readonly onClose: () => void;
}

/** All faces of a group, the best first: to see that they are one person, to leave out those that are not, and to say who it is. */
export function GroupDialog({ job, group, number, mayName, onClose }: GroupDialogProps) {
  const t = useTexts(unknownTexts);
  const [leftOut, setLeftOut] = useState<ReadonlyMap<string, Face>>(new Map());
  const isNaming = mayName && !group.person;
  const mayLeaveOut = isNaming && group.faces > 1;
  const leaveOut = (face: Face) =>
    setLeftOut(before => {
      const after = new Map(before);
      if (!after.delete(faceKey(face))) after.set(faceKey(face), { task: face.task, face: face.face });
      return after;
    });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={isNaming ? t('name') : (group.person?.name ?? t('group', { number }))}
      {...(isNaming && { text: t('nameText') })}
    >
      {isNaming && <Naming job={job} group={group} leftOut={[...leftOut.values()]} onNamed={onClose} />}
      {mayLeaveOut && <p className="quiet">{t('leaveOutText')}</p>}
      <Faces job={job} group={group} leftOut={leftOut} {...(mayLeaveOut && { onLeaveOut: leaveOut })} />
    </Dialog>
  );
}

interface FacesProps {
  readonly job: Job;
  readonly group: Group;
  readonly leftOut: ReadonlyMap<string, Face>;
  readonly onLeaveOut?: (face: Face) => void;
}

/** Reads within the dialog, whose script may come later than the faces: what is read here is heard of here. */
function Faces({ job, group, leftOut, onLeaveOut }: FacesProps) {
  const t = useTexts(unknownTexts);
  const w = useTexts(words);
  const faces = useInfiniteQuery(facesOf(job.id, group.group));
  return (
    <>
      <ShownPeople query={faces}>
        {({ pages }) => (
          <ul className="people-grid" aria-label={t('faces', { count: group.faces })}>
            {pages
              .flatMap(page => page.data)
              .map((face, index) => {
                const name = face.item_name ?? t('face', { number: index + 1 });
                return (
                  <li key={faceKey(face)}>
                    <GroupFace
                      face={face}
                      name={name}
                      isLeftOut={leftOut.has(faceKey(face))}
                      {...(group.person && { isNot: group.person.name ?? group.person.id })}
                      {...(onLeaveOut && { onLeaveOut: () => onLeaveOut(face) })}
                    />
                    <Link className="cut quiet" to="/tasks/$taskId" params={{ taskId: face.task }}>
                      {name}
                    </Link>
                  </li>
                );
              })}
          </ul>
        )}
      </ShownPeople>
      {faces.hasNextPage && <Button onClick={() => void faces.fetchNextPage()}>{w('more')}</Button>}
    </>
  );
}
