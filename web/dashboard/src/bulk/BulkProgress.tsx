import { useQuery } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useEffect } from 'react';
import { client } from '../api/client';
import { queryClient } from '../api/queries';
import { useMay } from '../app/me';
import { formatNumber } from '../format/numbers';
import { Button, sayFailure } from '../parts';
import { useAct } from '../steady/useAct';
import { useTexts } from '../texts/texts';
import './bulk.css';
import { bulkTexts } from './texts';

const stateWords = { running: 'running', completed: 'ended', stopped: 'wasStopped', failed: 'wasFailed' } as const;

/** How far an operation on many jobs is, with a button that stops it. */
export function BulkProgress({ id, onHide }: { readonly id: string; readonly onHide: () => void }) {
  const t = useTexts(bulkTexts);
  const mayStop = useMay('submit');
  const queryKey = ['bulk', id];
  const bulk = useQuery({
    queryKey,
    queryFn: ({ signal }) => client.bulk.get(id, { signal }),
    refetchInterval: query => (query.state.data?.state === 'running' || query.state.error ? 1000 : false),
  });
  const stop = useAct({
    mutationFn: () => client.bulk.stop(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
    onError: error => sayFailure(t('couldNotStop'), error),
  });
  const hasDeleted = bulk.data?.action === 'delete' && bulk.data.state !== 'running';
  useEffect(() => {
    if (hasDeleted) queryClient.removeQueries({ queryKey: ['job'], type: 'inactive' });
  }, [hasDeleted]);
  if (!bulk.data) return bulk.isError ? <p className="fault">{bulk.error.message}</p> : null;
  const { action, state, matched, done, failed, error } = bulk.data;
  const text = t('progress', { action: t(action), done: formatNumber(done), matched: formatNumber(matched) });
  return (
    <section className="bulk-progress" aria-label={t(action)}>
      <progress
        max={Math.max(1, matched)}
        value={state === 'completed' ? Math.max(1, matched) : done + failed}
        aria-label={text}
      />
      <span>
        {text} · {t(stateWords[state])}
      </span>
      {failed > 0 && <span className="fault">{t('failedJobs', { count: failed })}</span>}
      {error && <span className="fault bulk-error">{error}</span>}
      {state === 'running' && mayStop && (
        <Button icon={Square} onClick={() => stop.mutate()} disabled={stop.isPending}>
          {t('stop')}
        </Button>
      )}
      {state !== 'running' && (
        <Button look="quiet" onClick={onHide}>
          {t('hide')}
        </Button>
      )}
    </section>
  );
}
