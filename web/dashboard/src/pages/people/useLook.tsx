import { useQuery } from '@tanstack/react-query';
import { ScanSearch } from 'lucide-react';
import { useFeature, useMay } from '../../app/me';
import { Button, say, sayFailure } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { type Look, lookInAllJobs, lookKey } from './look';
import { peopleTexts } from './texts';

/** The look in all jobs that was begun last in this tab. */
function useLook(): Look | undefined {
  return (
    useQuery<Look | null>({
      queryKey: lookKey,
      queryFn: () => null,
      enabled: false,
      staleTime: Number.POSITIVE_INFINITY,
    }).data ?? undefined
  );
}

/** Judges all jobs of faces again and says what came of it; undefined for whom may not. */
export function useStartLook() {
  const t = useTexts(peopleTexts);
  const may = useMay('submit');
  const canJudge = useFeature('rematch');
  const start = useAct({
    mutationFn: () => lookInAllJobs(),
    onSuccess: look => {
      if (look.isRunning) return;
      say({
        title: t(look.matched === 0 ? 'lookNone' : 'looked', { count: look.done }),
        kind: 'good',
        ...(look.error && { text: look.error }),
      });
    },
    onError: error => sayFailure(t('lookFailed'), error),
  });
  return may && canJudge ? start.mutate : undefined;
}

/** What a notice offers after somebody is known by other faces than before: other jobs do not know it yet. */
export function useNextLook() {
  const t = useTexts(peopleTexts);
  const start = useStartLook();
  return start && { label: t('look'), act: () => start() };
}

/** The button that looks for people in all jobs, and how far that is. */
export function LookAgain({ look: kind = 'plain' }: { readonly look?: 'plain' | 'main' }) {
  const t = useTexts(peopleTexts);
  const look = useLook();
  const start = useStartLook();
  if (!start) return null;
  return (
    <span className="row">
      {look?.isRunning && (
        <span className="row" role="status" aria-live="off">
          <progress max={Math.max(1, look.matched)} value={look.done + look.failed} aria-label={t('look')} />
          {t('looking', { done: look.done + look.failed, matched: look.matched })}
        </span>
      )}
      <Button icon={ScanSearch} look={kind} disabled={look?.isRunning} title={t('lookText')} onClick={() => start()}>
        {t('look')}
      </Button>
    </span>
  );
}
