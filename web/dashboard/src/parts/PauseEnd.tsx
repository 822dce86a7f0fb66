import { CalendarClock } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTexts } from '../texts/texts';
import { Button } from './Button';
import type { PauseDialogProps } from './PauseDialog';
import { lazyPart } from './patient';
import { pauseTexts } from './pause.texts';

export const PauseDialog = lazyPart(() => import('./PauseDialog'));

/** A button that gives a pause an end, or another one. */
export function PauseEnd(props: Pick<PauseDialogProps, 'until' | 'onPause'>) {
  const t = useTexts(pauseTexts);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button icon={CalendarClock} onClick={() => setAsking(true)}>
        {t('setEnd')}
      </Button>
      <Suspense>
        {isAsking && (
          <PauseDialog title={t('setEndTitle')} act={t('setEnd')} onClose={() => setAsking(false)} {...props} />
        )}
      </Suspense>
    </>
  );
}
