import { Link } from '@tanstack/react-router';
import { Images, UserPlus } from 'lucide-react';
import { Button } from '../../parts';
import { useTexts } from '../../texts/texts';
import { GroupFace } from './GroupFace';
import type { Group } from './queries';
import { unknownTexts } from './texts';

interface GroupCardProps {
  readonly group: Group;
  readonly number: number;
  readonly mayName: boolean;
  readonly onOpen: () => void;
}

/** A group with its best faces, and who it is, once somebody said so. */
export function GroupCard({ group, number, mayName, onOpen }: GroupCardProps) {
  const t = useTexts(unknownTexts);
  const { person } = group;
  return (
    <li className="panel unknown-group">
      <div className={group.examples.length === 1 ? 'unknown-examples unknown-single' : 'unknown-examples'}>
        {group.examples.map(face => (
          <Link
            key={`${face.task}:${face.face}`}
            to="/tasks/$taskId"
            params={{ taskId: face.task }}
            aria-label={face.item_name ?? face.task}
          >
            <GroupFace face={face} name="" isLeftOut={false} {...(person && { isNot: person.name ?? person.id })} />
          </Link>
        ))}
      </div>
      <h2>
        {person ? (
          <Link to="/people/$personId" params={{ personId: person.id }}>
            {person.name ?? person.id}
          </Link>
        ) : (
          t('group', { number })
        )}
      </h2>
      <p className="quiet">
        {t('faces', { count: group.faces })} {t('onPhotos', { count: group.photos })}
        {group.rejected > 0 && `, ${t('others', { count: group.rejected })}`}
      </p>
      <div className="row">
        {mayName && !person ? (
          <Button icon={UserPlus} onClick={onOpen}>
            {t('name')}
          </Button>
        ) : (
          group.faces > 1 && (
            <Button icon={Images} onClick={onOpen}>
              {t('all')}
            </Button>
          )
        )}
      </div>
    </li>
  );
}
