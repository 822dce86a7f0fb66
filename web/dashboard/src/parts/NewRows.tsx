import { ArrowUp } from 'lucide-react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';

interface NewRowsProps {
  readonly waiting: number;
  /** How many shown rows the list has no more. */
  readonly gone?: number;
  readonly onShow: () => void;
}

/** What changed in a list that would have moved its rows: "17 new". Pressing it shows the list as it is now. */
export function NewRows({ waiting, gone = 0, onShow }: NewRowsProps) {
  const t = useTexts(words);
  const said = [
    ...(waiting > 0 ? [t('newRows', { count: waiting })] : []),
    ...(gone > 0 ? [t('goneRows', { count: gone })] : []),
  ].join(', ');
  return (
    <div className="new-rows">
      {said !== '' && (
        <Button icon={ArrowUp} onClick={onShow} title={t('showNow')}>
          {said}
        </Button>
      )}
    </div>
  );
}
