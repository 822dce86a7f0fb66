import { useNavigate } from '@tanstack/react-router';
import { client } from '../../api/client';
import { forget, queryClient } from '../../api/queries';
import { say, sayFailure } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useTexts } from '../../texts/texts';
import { galleryChanged, type Person } from '../people/queries';
import { peopleTexts } from '../people/texts';
import { personTexts } from './texts';

interface DeletePersonProps {
  readonly person: Person;
  /** How many photos show the person. */
  readonly photos: number;
  readonly onClose: () => void;
}

/** Asks, removes, and goes to where the removal shows how far it is. */
export default function DeletePerson({ person, photos, onClose }: DeletePersonProps) {
  const t = useTexts(personTexts);
  const p = useTexts(peopleTexts);
  const navigate = useNavigate();
  const remove = async () => {
    try {
      const erasure = await client.people.delete(person.id);
      say({ title: t('deleted', { name: person.name }), kind: 'good' });
      await navigate({ to: '/people', search: { erasure: erasure.id } });
      forget(person.id);
    } catch (error) {
      sayFailure(t('deleteFailed'), error);
    }
    await galleryChanged();
    void queryClient.invalidateQueries({ queryKey: ['results'] });
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('deleteAsk', { name: person.name })}
      consequence={t('deleteText', {
        faces: p('faces', { count: person.faces }),
        photos: p('photos', { count: photos }),
      })}
      act={t('delete')}
      count={Math.max(1, photos)}
      onConfirm={() => void remove()}
    />
  );
}
