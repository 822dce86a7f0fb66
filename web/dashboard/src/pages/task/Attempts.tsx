import { Fragment } from 'react';
import type { Schemas, TaskDetail } from '../../api/types';
import { formatDuration, formatMilliseconds } from '../../format/durations';
import { Panel, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { leastRest, restsOf } from './rests';
import { taskTexts } from './texts';

const outcomeWords = {
  completed: 'completed',
  retried: 'retriedOutcome',
  throttled: 'throttled',
  failed: 'failed',
  cancelled: 'cancelledOutcome',
  lost: 'lost',
  released: 'released',
} as const;

const looks: Partial<Record<Schemas['AttemptOutcome'], string>> = {
  completed: 'state-completed',
  failed: 'state-failed',
  retried: 'state-partial',
  throttled: 'state-partial',
  lost: 'state-failed',
};

/**
 * What was tried, the first attempt first, with what came back. They are counted here: the server begins again with each retry by hand, as far as
 * its limit of attempts goes.
 */
export function Attempts({ task }: { readonly task: TaskDetail }) {
  const t = useTexts(taskTexts);
  const rests = restsOf(task);
  return (
    <Panel title={t('attempts')}>
      {task.attempts.length === 0 && task.state !== 'running' && <p className="quiet">{t('noAttempts')}</p>}
      <ol className="task-attempts">
        {task.attempts.map((attempt, index) => (
          <Fragment key={attempt.fence}>
            <Rest seconds={rests[index - 1]} />
            <AttemptEntry attempt={attempt} number={index + 1} />
          </Fragment>
        ))}
        <Rest seconds={rests[task.attempts.length - 1]} />
        {task.state === 'running' && (
          <li className="state-running">
            <div className="row">
              <strong>{t('attempt', { attempt: task.attempts.length + 1 })}</strong>
              <span className="task-outcome">{t('running')}</span>
              <Time at={task.started_at} />
            </div>
          </li>
        )}
      </ol>
      {task.state === 'scheduled' && task.due_at && (
        <p className="quiet">
          {t('due')} <Time at={task.due_at} isExpected />
        </p>
      )}
    </Panel>
  );
}

/** The time in which nothing was called, between two attempts. */
function Rest({ seconds = 0 }: { readonly seconds: number | undefined }) {
  const t = useTexts(taskTexts);
  if (seconds < leastRest) return null;
  return <li className="task-rest quiet">{t('rested', { time: formatDuration(seconds) })}</li>;
}

interface AttemptEntryProps {
  readonly attempt: Schemas['Attempt'];
  readonly number: number;
}

function AttemptEntry({ attempt, number }: AttemptEntryProps) {
  const t = useTexts(taskTexts);
  const { outcome, duration_ms, http_status, node, error_kind, error_message, answer_head } = attempt;
  return (
    <li className={looks[outcome]}>
      <div className="row">
        <strong>{t('attempt', { attempt: number })}</strong>
        <span className="task-outcome">{t(outcomeWords[outcome])}</span>
        {http_status !== null && <span className="tag">{t('status', { status: String(http_status) })}</span>}
        {error_kind && <span className="tag">{error_kind}</span>}
        <span className="quiet">
          <Time at={attempt.started_at} />
          {duration_ms !== null && ` · ${t('took', { time: formatMilliseconds(duration_ms) })}`}
          {node && ` · ${t('node', { node })}`}
        </span>
      </div>
      {error_message && <p className="task-error">{error_message}</p>}
      {answer_head && (
        <details className="task-answer">
          <summary>{t('answer')}</summary>
          <pre>{answer_head}</pre>
        </details>
      )}
    </li>
  );
}
