import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { PageHeader } from '../parts/PageHeader';
import { Empty } from '../parts/States';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { shell } from './shell.texts';

export function Missing() {
  const t = useTexts(words);
  const s = useTexts(shell);
  return (
    <>
      <PageHeader title={t('missingTitle')} />
      <Empty icon={SearchX} title={t('missingPage')} text={t('missingText')}>
        <Link to="/">{s('overview')}</Link>
      </Empty>
    </>
  );
}
