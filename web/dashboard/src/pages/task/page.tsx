import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { jobName } from '../../api/jobName';
import { queries } from '../../api/queries';
import { taskName } from '../../api/taskName';
import type { TaskDetail } from '../../api/types';
import { useLive } from '../../live/live';
import { Copyable, PageHeader, Shown, StateChip, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Attempts } from './Attempts';
import { Documents } from './Documents';
import { ResultView } from './ResultView';
import { TaskActions } from './TaskActions';
import './task.css';
import { taskTexts } from './texts';

/** One task: what went in, what came out, and each attempt. */
export default function TaskPage() {
  const { taskId = '' } = useParams({ strict: false });
  useLive({ kind: 'task', id: taskId });
  const task = useQuery(queries.task(taskId));
  const t = useTexts(taskTexts);
  return (
    <Shown query={task} heading={t('task')}>
      {data => <TaskView key={data.id} task={data} />}
    </Shown>
  );
}

function TaskView({ task }: { readonly task: TaskDetail }) {
  const t = useTexts(taskTexts);
  const job = useQuery(queries.job(task.job_id)).data;
  return (
    <>
      <PageHeader
        title={taskName(task)}
        beside={<StateChip state={task.state} />}
        actions={<TaskActions task={task} />}
        summary={
          <div className="row">
            <span>
              {t('ofJob')}{' '}
              <Link to="/jobs/$jobId" params={{ jobId: task.job_id }}>
                {job ? jobName(job) : task.job_id}
              </Link>
            </span>
            <Link to="/services/$service" params={{ service: task.service }}>
              {task.service} {task.operation}
            </Link>
            <Time at={task.finished_at ?? task.started_at ?? task.due_at} />
            <Copyable text={task.id}>
              <Link to="/tasks/$taskId" params={{ taskId: task.id }}>
                <code>{task.id}</code>
              </Link>
            </Copyable>
          </div>
        }
      />
      <div className="stack">
        {task.error_message && <p className="fault task-error">{task.error_message}</p>}
        {job && <ResultView task={task} job={job} />}
        <Documents task={task} />
        <Attempts task={task} />
      </div>
    </>
  );
}
