import { useQuery } from '@tanstack/react-query';
import { Suspense, useMemo } from 'react';
import { queries } from '../../api/queries';
import type { Job, TaskDetail } from '../../api/types';
import { Loading, Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { declaredView } from '../../views/declared';
import { isKnownView, plainKinds, viewOf } from '../../views/registry';
import { taskTexts } from './texts';

interface ResultViewProps {
  readonly task: TaskDetail;
  readonly job: Job;
}

/** The result as its operation or service wants it to be shown, such as a photo with its faces; nothing where JSON says the same. */
export function ResultView({ task, job }: ResultViewProps) {
  const t = useTexts(taskTexts);
  const service = useQuery(queries.services).data?.services.find(one => one.name === task.service);
  const rows = useMemo(() => [task], [task]);
  const view = declaredView(service, job.operation);
  const isPlain = view === undefined || !isKnownView(view.kind) || plainKinds.some(kind => kind === view.kind);
  if (isPlain || task.state !== 'completed') return null;
  const View = viewOf(view.kind);
  return (
    <Panel title={t('shown')}>
      <Suspense fallback={<Loading />}>
        <View job={job} view={view} rows={rows} more={nothing} hasMore={false} isSingle />
      </Suspense>
    </Panel>
  );
}

const nothing = () => undefined;
