import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { Empty } from '../parts/States';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { shell } from './shell.texts';

export function Missing() {
  const t = useTexts(words);
  const s = useTexts(shell);
  return (
    <Empty icon={SearchX} title={t('missingTitle')} text={t('missingText')}>
      <Link to="/">{s('overview')}</Link>
    </Empty>
  );
}
