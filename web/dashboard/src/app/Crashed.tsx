import { CircleAlert } from 'lucide-react';
import { Button } from '../parts/Button';
import { PageHeader } from '../parts/PageHeader';
import { Empty } from '../parts/States';
import { useTexts } from '../texts/texts';
import { shell } from './shell.texts';

/** A page threw an error, or a part of it that is loaded later is of another version of the server. */
export function Crashed() {
  const t = useTexts(shell);
  return (
    <>
      <PageHeader title={t('crashed')} />
      <Empty icon={CircleAlert} title={t('crashedTitle')} text={t('crashedText')}>
        <Button look="main" onClick={() => location.reload()}>
          {t('reload')}
        </Button>
      </Empty>
    </>
  );
}
