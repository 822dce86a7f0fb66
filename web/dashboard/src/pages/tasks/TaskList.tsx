import { useNavigate } from '@tanstack/react-router';
import { ListTodo, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { taskName } from '../../api/taskName';
import { useSearchState } from '../../app/useSearchState';
import { type Filter, pickFilter } from '../../filter/parse';
import { Button, DataTable, Empty, Failure, FilterField, NewRows, Shown } from '../../parts';
import { ColumnsMenu } from '../../parts/ColumnsMenu';
import { useColumns } from '../../parts/useColumns';
import { useTexts } from '../../texts/texts';
import { taskColumns } from './columns';
import { jobTasksRule, tasksRule } from './rule';
import { TaskStates } from './TaskStates';
import { useTaskRows } from './taskRows';
import './tasks.css';
import { tasksTexts } from './texts';

interface TaskListProps {
  /** Of one job; of all without it. */
  readonly jobId?: string;
  /** True while tasks may still change. */
  readonly isOpen: boolean;
}

/** A filter and the tasks that match, windowed. */
export function TaskList({ jobId, isOpen }: TaskListProps) {
  const t = useTexts(tasksTexts);
  const navigate = useNavigate();
  const [search, change] = useSearchState();
  const rule = jobId === undefined ? tasksRule : jobTasksRule;
  const filter = pickFilter(search, rule);
  const list = useTaskRows(jobId, filter, isOpen);
  const all = useMemo(() => taskColumns(t, jobId === undefined), [t, jobId]);
  const columns = useColumns('tasks', all, 'item');
  const onFilter = (next: Filter) => change(Object.fromEntries(rule.names.map(name => [name, next[name]])));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className="stack">
      <TaskStates state={search.state} />
      <div className="row">
        <FilterField
          rule={rule}
          filter={filter}
          onChange={onFilter}
          placeholder={t(jobId === undefined ? 'placeholder' : 'placeholderJob')}
        />
        <ColumnsMenu label={t('columns')} choices={columns.choices} onToggle={columns.toggle} />
      </div>
      <Shown query={list.query}>
        {() =>
          list.rows.length === 0 && list.waiting === 0 ? (
            <Empty
              icon={isFiltered ? SearchX : ListTodo}
              title={t(isFiltered ? 'emptyTitle' : 'noTasksTitle')}
              text={t(isFiltered ? 'emptyText' : 'noTasksText')}
            >
              {isFiltered && <Button onClick={() => onFilter({})}>{t('clearFilter')}</Button>}
            </Empty>
          ) : (
            <div>
              <div className="row">
                <span className="quiet">
                  {list.total && t('summary', { count: list.total.count, more: list.total.isExact ? '' : '+' })}
                </span>
                <NewRows waiting={list.waiting} gone={list.gone.size} onShow={list.refresh} />
              </div>
              <DataTable
                label={t('title')}
                rows={list.rows}
                columns={columns.shown}
                onWidth={columns.onWidth}
                rowKey={task => task.id}
                rowName={taskName}
                onOpen={task => void navigate({ to: '/tasks/$taskId', params: { taskId: task.id } })}
                onMore={list.more}
                foot={
                  list.query.isFetchNextPageError && (
                    <Failure error={list.query.error} retry={() => void list.query.fetchNextPage()} />
                  )
                }
              />
            </div>
          )
        }
      </Shown>
    </div>
  );
}
