import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries';
import type { QueueStats } from '../../api/types';
import { useMay } from '../../app/me';
import { formatDuration } from '../../format/durations';
import { useLive } from '../../live/live';
import { PageHeader } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Begin } from '../begin/Begin';
import { PauseAll } from '../services/PauseAll';
import { Attention } from './Attention';
import { Charts } from './Charts';
import { Disk } from './Disk';
import { Interactions } from './Interactions';
import { Nodes } from './Nodes';
import './overview.css';
import { RunningJobs } from './RunningJobs';
import { Services } from './Services';
import { StateChips } from './StateChips';
import { overviewTexts } from './texts';

/** How the queue is at a glance; on a server that has never had a job, how to begin. */
export default function OverviewPage() {
  const t = useTexts(overviewTexts);
  useLive({ kind: 'queue_stats' });
  useLive({ kind: 'services' });
  const stats = useQuery(queries.stats);
  const services = useQuery(queries.services);
  const mayOperate = useMay('operate');
  if (stats.data?.jobs.total === 0) return <Begin />;
  return (
    <>
      <PageHeader
        title={t('title')}
        summary={stats.data && <Oldest stats={stats.data} />}
        actions={mayOperate && services.data && <PauseAll isPaused={services.data.everything_paused} />}
      />
      <div className="stack">
        <Attention />
        <StateChips stats={stats} />
        <Charts />
        <div className="overview-halves">
          <div className="stack">
            <RunningJobs />
            <Interactions />
          </div>
          <div className="stack">
            <Services />
            <Nodes />
            <Disk />
          </div>
        </div>
      </div>
    </>
  );
}

function Oldest({ stats }: { readonly stats: QueueStats }) {
  const t = useTexts(overviewTexts);
  const seconds = stats.oldest_pending_seconds;
  return seconds === null ? null : t('oldest', { time: formatDuration(seconds) });
}
