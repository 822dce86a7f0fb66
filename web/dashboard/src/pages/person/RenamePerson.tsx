import { StashConflictError } from '@stashai/client';
import { client } from '../../api/client';
import { Button, say } from '../../parts';
import { RenameDialog } from '../../parts/RenameDialog';
import { useTexts } from '../../texts/texts';
import { galleryChanged, type Person } from '../people/queries';
import { personTexts } from './texts';

interface RenamePersonProps {
  readonly person: Person;
  readonly onClose: () => void;
  readonly onMerge: () => void;
}

/** Gives the person another name; whose name is taken can be merged with its owner. */
export default function RenamePerson({ person, onClose, onMerge }: RenamePersonProps) {
  const t = useTexts(personTexts);
  return (
    <RenameDialog
      title={t('rename')}
      label={t('newName')}
      name={person.name}
      rename={name => client.people.patch(person.id, { name })}
      onRenamed={changed => {
        say({ title: t('renamed', { name: changed.name }), kind: 'good' });
        void galleryChanged();
      }}
      refusal={error =>
        error instanceof StashConflictError && (
          <>
            <p className="fault">{t('takenText')}</p>
            <div className="row">
              <Button onClick={onMerge}>{t('merge')}</Button>
            </div>
          </>
        )
      }
      onClose={onClose}
    />
  );
}
