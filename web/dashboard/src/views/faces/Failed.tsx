import { Link } from '@tanstack/react-router';
import { taskName } from '../../api/taskName';
import { useTexts } from '../../texts/texts';
import type { PhotoFaces } from './judge';
import { facesTexts } from './texts';

/** The photos that no result came of, and why: a line for each. */
export function Failed({ photos }: { readonly photos: readonly PhotoFaces[] }) {
  const t = useTexts(facesTexts);
  return (
    <ul className="faces-failed" aria-label={t('failed')}>
      {photos.map(({ row }) => (
        <li key={row.id}>
          <Link to="/tasks/$taskId" params={{ taskId: row.id }}>
            {taskName(row)}
          </Link>{' '}
          <span className="quiet">{row.error_message ?? t('noResult')}</span>
        </li>
      ))}
    </ul>
  );
}
