import { taskName } from '../../api/taskName';
import type { Task } from '../../api/types';
import { formatMilliseconds } from '../../format/durations';
import { type Column, Copyable, StateChip, Time } from '../../parts';
import { RowLink } from '../../parts/RowLink';
import type { Texts } from '../../texts/texts';
import type { tasksTexts } from './texts';

type Key = keyof typeof tasksTexts.en & string;

/** The columns of tasks; those of all jobs also say whose they are. */
export function taskColumns(t: Texts<Key>, isOfAll: boolean): readonly Column<Task>[] {
  const whose: readonly Column<Task>[] = [
    {
      key: 'service',
      title: t('service'),
      width: 'minmax(8ch, 1fr)',
      hide: 'narrow',
      isBelow: 'whole',
      cell: task => task.service,
    },
    {
      key: 'job',
      title: t('job'),
      width: 'minmax(16ch, 1.5fr)',
      hide: 'medium',
      cell: task => (
        <Copyable text={task.job_id}>
          <RowLink to="/jobs/$jobId" params={{ jobId: task.job_id }} title={task.job_id} className="cut">
            {task.job_name || task.job_id.slice(0, 13)}
          </RowLink>
        </Copyable>
      ),
    },
  ];
  return [
    { key: 'state', title: t('state'), width: '116px', cell: task => <StateChip state={task.state} /> },
    {
      key: 'item',
      title: t('item'),
      width: 'minmax(10ch, 1.5fr)',
      cell: task => (
        <RowLink to="/tasks/$taskId" params={{ taskId: task.id }} title={task.id}>
          {taskName(task)}
        </RowLink>
      ),
    },
    ...(isOfAll ? whose : []),
    {
      key: 'error',
      title: t('error'),
      width: 'minmax(10ch, 3fr)',
      hide: 'narrow',
      isBelow: true,
      cell: task => <span title={task.error_message ?? undefined}>{task.error_message ?? ''}</span>,
    },
    {
      key: 'attempts',
      title: t('attempts'),
      width: '8ch',
      isNumber: true,
      hide: 'narrow',
      cell: task => t('attemptOf', { attempt: task.attempt, most: task.max_attempts }),
    },
    {
      key: 'time',
      title: t('time'),
      width: '9ch',
      isNumber: true,
      hide: 'medium',
      cell: task => (task.processing_ms === null ? '–' : formatMilliseconds(task.processing_ms)),
    },
    {
      key: 'finished',
      title: t('finished'),
      width: '12ch',
      hide: 'medium',
      isBelow: 'whole',
      cell: task => <Time at={task.finished_at} style="narrow" />,
    },
  ];
}
