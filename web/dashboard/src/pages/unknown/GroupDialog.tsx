import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Job } from '../../api/types';
import { Button } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { FaceImage, ShownPeople } from '../people/Faces';
import { pictureAddress } from '../people/pictures';
import { facesOf, type Group } from './queries';
import { unknownTexts } from './texts';

interface GroupDialogProps {
  readonly job: Job;
  readonly group: Group;
  readonly number: number;
  readonly onClose: () => void;
}

/** All faces of a group, the best first, to see that they are one person. */
export function GroupDialog({ job, group, number, onClose }: GroupDialogProps) {
  const t = useTexts(unknownTexts);
  const w = useTexts(words);
  const faces = useInfiniteQuery(facesOf(job.id, group.group));
  return (
    <Dialog open wide onClose={onClose} title={group.person?.name ?? t('group', { number })}>
      <ShownPeople query={faces}>
        {({ pages }) => (
          <ul className="people-grid">
            {pages
              .flatMap(page => page.data)
              .map(face => (
                <li key={`${face.task}:${face.face}`}>
                  <Link to="/tasks/$taskId" params={{ taskId: face.task }} aria-label={face.item_name ?? face.task}>
                    <FaceImage src={pictureAddress(face.picture_url)} name="" />
                  </Link>
                  {face.item_name && <span className="cut quiet">{face.item_name}</span>}
                </li>
              ))}
          </ul>
        )}
      </ShownPeople>
      {faces.hasNextPage && <Button onClick={() => void faces.fetchNextPage()}>{w('more')}</Button>}
    </Dialog>
  );
}
