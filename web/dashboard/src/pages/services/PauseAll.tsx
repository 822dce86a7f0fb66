import { CirclePause, CirclePlay } from 'lucide-react';
import { Suspense, useState } from 'react';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Button, sayFailure } from '../../parts';
import { lazyPart } from '../../parts/patient';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { servicesTexts } from './texts';

const ConfirmDialog = lazyPart(() =>
  import('../../parts/ConfirmDialog').then(part => ({ default: part.ConfirmDialog })),
);

/** Stops or starts everything; the server's own words say what happens to the calls that run. */
export function PauseAll({ isPaused }: { readonly isPaused: boolean }) {
  const t = useTexts(servicesTexts);
  const [isAsking, setAsking] = useState(false);
  const change = useAct({
    mutationFn: () => (isPaused ? client.services.resumeAll() : client.services.pauseAll()),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['services'] }),
    onError: error => sayFailure(t(isPaused ? 'resumeAll' : 'pauseAll'), error),
  });
  return (
    <>
      <Button
        icon={isPaused ? CirclePlay : CirclePause}
        disabled={change.isPending}
        onClick={() => (isPaused ? change.mutate() : setAsking(true))}
      >
        {t(isPaused ? 'resumeAll' : 'pauseAll')}
      </Button>
      <Suspense>
        {isAsking && (
          <ConfirmDialog
            open
            onClose={() => setAsking(false)}
            title={t('pauseAll')}
            consequence={t('pauseAllText')}
            act={t('pauseAll')}
            onConfirm={() => change.mutate()}
          />
        )}
      </Suspense>
    </>
  );
}
