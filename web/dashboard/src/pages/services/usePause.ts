import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Service } from '../../api/types';
import { say, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { servicesTexts } from './texts';

/** Pauses a service that is called, and resumes one that is paused; either can be undone at once. */
export function usePause(service: Service) {
  const t = useTexts(servicesTexts);
  const change = useAct({
    mutationFn: (pause: boolean | { readonly until?: string }) =>
      pause === false
        ? client.services.resume(service.name)
        : client.services.pause(service.name, pause === true ? {} : pause),
    onSuccess: (_, pause) => {
      void queryClient.invalidateQueries({ queryKey: ['services'] });
      // The end of a pause is shown where it was set.
      if (typeof pause === 'object') return;
      say({
        title: t(pause ? 'paused' : 'resumed', { service: service.name }),
        kind: 'good',
        action: { label: t(pause ? 'resume' : 'pause'), act: () => change.mutate(!pause) },
      });
    },
    onError: (error, pause) => sayFailure(t(pause ? 'pause' : 'resume'), error),
  });
  return {
    toggle: () => change.mutate(!service.paused),
    /** Gives the pause another end. */
    pause: (end: { readonly until?: string }) => change.mutate(end),
    isPending: change.isPending,
  };
}
