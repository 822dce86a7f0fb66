import { Construction } from 'lucide-react';
import { PageHeader } from '../parts/PageHeader';
import { Empty } from '../parts/States';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { shell } from './shell.texts';

/** Stands in for a page until its folder has one. */
export function NotBuilt({ page }: { readonly page: keyof typeof shell.en }) {
  const t = useTexts(words);
  const s = useTexts(shell);
  return (
    <>
      <PageHeader title={s(page)} />
      <Empty icon={Construction} title={t('pageNotBuilt')} text={t('pageNotBuiltText')} />
    </>
  );
}
