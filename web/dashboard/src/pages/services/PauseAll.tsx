import { CirclePause, CirclePlay } from 'lucide-react';
import { Suspense, useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Button, sayFailure } from '../../parts';
import { PauseDialog } from '../../parts/PauseEnd';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { servicesTexts } from './texts';

/** Stops or starts everything; the server's own words say what happens to the calls that run. */
export function PauseAll({ isPaused }: { readonly isPaused: boolean }) {
  const t = useTexts(servicesTexts);
  const [isAsking, setAsking] = useState(false);
  const pause = usePauseAll();
  const resume = useAct({
    mutationFn: () => client.services.resumeAll(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['services'] }),
    onError: error => sayFailure(t('resumeAll'), error),
  });
  return (
    <>
      <Button
        icon={isPaused ? CirclePlay : CirclePause}
        disabled={pause.isPending || resume.isPending}
        onClick={() => (isPaused ? resume.mutate() : setAsking(true))}
      >
        {t(isPaused ? 'resumeAll' : 'pauseAll')}
      </Button>
      <Suspense>
        {isAsking && (
          <PauseDialog
            title={t('pauseAll')}
            text={t('pauseAllText')}
            act={t('pauseAll')}
            onPause={pause.mutate}
            onClose={() => setAsking(false)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Pauses everything, or gives the pause of everything another end. */
export function usePauseAll() {
  const t = useTexts(servicesTexts);
  return useAct({
    mutationFn: (end: { readonly until?: string }) => client.services.pauseAll(end),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['services'] }),
    onError: error => sayFailure(t('pauseAll'), error),
  });
}
