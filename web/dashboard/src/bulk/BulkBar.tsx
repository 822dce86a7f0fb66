import { type ReactNode, useState } from 'react';
import { client } from '../api/client';
import { useKeys } from '../keys/useKeys';
import { Button, say, sayFailure } from '../parts';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { useAct } from '../steady/useAct';
import { useTexts } from '../texts/texts';
import './bulk.css';
import { bulkRequest, type Chosen } from './filter';
import { type ChosenJob, takes } from './offers';
import { bulkTexts } from './texts';

const actions = ['retry', 'skip', 'pause', 'resume', 'cancel', 'delete'] as const;
type Act = (typeof actions)[number] | 'priority' | 'rematch';
const priorities = Array.from({ length: 10 }, (_, at) => at);

interface BulkBarProps {
  /** What is chosen, in words. */
  readonly label: string;
  readonly chosen: Chosen;
  /** The chosen jobs where they are all known: only what one of them takes is offered. */
  readonly jobs?: readonly ChosenJob[] | undefined;
  readonly onStarted: (bulkId: string) => void;
  readonly onClear: () => void;
  /** All of them are about faces, which can be judged again. */
  readonly areOfFaces?: boolean;
  /** More that can be done with the chosen jobs. */
  readonly children?: ReactNode;
}

interface Asked {
  readonly action: Act;
  readonly priority?: number;
  readonly chosen: Chosen;
}

/** Acts on the chosen jobs: counts what the act would change, asks, and starts an operation that the server carries to its end. */
export function BulkBar({ label, chosen, jobs, onStarted, onClear, areOfFaces = false, children }: BulkBarProps) {
  const t = useTexts(bulkTexts);
  const [asked, setAsked] = useState<Asked & { readonly count: number; readonly isExact: boolean }>();
  const count = useAct({
    mutationFn: (ask: Asked) => client.bulk.count(bodyOf(ask)),
    onSuccess: (answer, ask) => {
      if (answer.total === 0) say({ title: t('nothing'), text: t('nothingText') });
      else setAsked({ ...ask, count: answer.total, isExact: answer.total_is_exact });
    },
    onError: error => sayFailure(t('couldNotCount'), error),
  });
  const start = useAct({
    mutationFn: (ask: Asked) => client.bulk.start(bodyOf(ask)),
    onSuccess: bulk => onStarted(bulk.id),
    onError: error => sayFailure(t('couldNotStart'), error),
  });
  const ask = (action: Act, priority?: number) =>
    count.mutate({ action, chosen, ...(priority === undefined ? {} : { priority }) });
  const offers = (action: Act) => jobs === undefined || jobs.some(job => takes(job, action));
  useKeys({ e: () => offers('retry') && ask('retry'), p: () => offers('pause') && ask('pause') });
  return (
    <section className="bulk-bar" aria-label={t('actions')}>
      <strong role="status">{count.isPending ? t('counting') : label}</strong>
      {actions.filter(offers).map(action => (
        <Button
          key={action}
          look={action === 'delete' ? 'danger' : 'plain'}
          disabled={count.isPending || start.isPending}
          onClick={() => ask(action)}
        >
          {t(action)}
        </Button>
      ))}
      {areOfFaces && (
        <Button disabled={count.isPending || start.isPending} onClick={() => ask('rematch')}>
          {t('rematch')}
        </Button>
      )}
      {children}
      {offers('priority') && (
        <select
          className="input bulk-priority"
          aria-label={t('priority')}
          value=""
          disabled={count.isPending || start.isPending}
          onChange={event => ask('priority', Number(event.target.value))}
        >
          <option value="" disabled>
            {t('priority')}
          </option>
          {priorities.map(priority => (
            <option key={priority} value={priority}>
              {t('priorityOf', { priority })}
            </option>
          ))}
        </select>
      )}
      <Button look="quiet" onClick={onClear}>
        {t('clear')}
      </Button>
      {asked && (
        <ConfirmDialog
          open
          onClose={() => setAsked(undefined)}
          title={t(titles[asked.action], { count: asked.count })}
          consequence={
            <>
              {t(consequences[asked.action])} {!asked.isExact && t('atLeast')}
            </>
          }
          act={asked.priority === undefined ? t(asked.action) : t('priorityOf', { priority: asked.priority })}
          count={asked.count}
          onConfirm={() => start.mutate(asked)}
        />
      )}
    </section>
  );
}

function bodyOf({ action, priority, chosen }: Asked) {
  return { action, ...bulkRequest(chosen), ...(priority === undefined ? {} : { priority }) };
}

const titles = {
  retry: 'titleRetry',
  skip: 'titleSkip',
  pause: 'titlePause',
  resume: 'titleResume',
  cancel: 'titleCancel',
  delete: 'titleDelete',
  priority: 'titlePriority',
  rematch: 'titleRematch',
} as const;

const consequences = {
  retry: 'textRetry',
  skip: 'textSkip',
  pause: 'textPause',
  resume: 'textResume',
  cancel: 'textCancel',
  delete: 'textDelete',
  priority: 'textPriority',
  rematch: 'textRematch',
} as const;
