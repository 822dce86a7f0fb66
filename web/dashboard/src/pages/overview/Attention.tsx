import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import { useMay } from '../../app/me';
import { clause } from '../../format/reasons';
import { formatClock, formatRelative } from '../../format/times';
import { useLiveJobs } from '../../live/useLiveJobs';
import { Button, Panel, sayFailure, useNow } from '../../parts';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { type Concern, concernsOf } from './concerns';
import { overviewTexts } from './texts';

const day = 86_400_000;

/** What a person should know or do; nothing where all is well. */
export function Attention() {
  const t = useTexts(overviewTexts);
  const [after] = useState(() => new Date(Date.now() - day).toISOString());
  const services = useQuery(queries.services);
  const health = useQuery(queries.health);
  const nodes = useQuery(queries.nodes);
  const failed = useLiveJobs({ state: 'failed,partial', created_after: after });
  const concerns = concernsOf({
    services: services.data,
    health: health.data,
    nodes: nodes.data?.total,
    failedJobs: failed.data?.total ?? 0,
    after,
  });
  if (concerns.length === 0) return null;
  return (
    <Panel title={t('attention')}>
      <ul className="overview-concerns">
        {concerns.map(concern => (
          <li key={keyOf(concern)}>
            <TriangleAlert size={16} aria-hidden />
            <span>
              <Words concern={concern} />
            </span>
            <Act concern={concern} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function keyOf(concern: Concern): string {
  return `${concern.kind} ${'service' in concern ? concern.service : 'name' in concern ? concern.name : ''}`;
}

function Words({ concern }: { readonly concern: Concern }) {
  const t = useTexts(overviewTexts);
  const w = useTexts(words);
  const now = useNow(1000);
  const clock = (at: string) => formatClock(Date.parse(at), now);
  switch (concern.kind) {
    case 'noNodes':
      return t('noNodes');
    case 'everythingPaused':
      return concern.until ? t('everythingPausedUntil', { time: clock(concern.until) }) : t('everythingPaused');
    case 'check':
      return t('checkBad', { check: concern.name, detail: concern.detail });
    case 'servicePaused':
      return t(concern.until ? 'servicePausedUntil' : 'servicePaused', {
        service: concern.service,
        tasks: w('tasks', { count: concern.waiting }),
        time: concern.until ? clock(concern.until) : '',
      });
    case 'failedJobs':
      return t('failedJobs', { count: concern.count });
    case 'serviceDown': {
      const since = concern.since ? clock(concern.since) : '–';
      const text = t('serviceDown', { service: concern.service, since, reason: clause(concern.reason) });
      if (!concern.again) return text;
      return `${text} (${t('serviceDownAgain', { when: formatRelative(Math.max(now, Date.parse(concern.again)), now) })})`;
    }
  }
}

function Act({ concern }: { readonly concern: Concern }) {
  const t = useTexts(overviewTexts);
  const may = useMay('operate');
  const resume = useAct({
    mutationFn: (): Promise<unknown> =>
      concern.kind === 'everythingPaused' || !('service' in concern)
        ? client.services.resumeAll()
        : client.services.resume(concern.service),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['services'] }),
    onError: error => sayFailure(t(concern.kind === 'serviceDown' ? 'tryNow' : 'resume'), error),
  });
  switch (concern.kind) {
    case 'serviceDown':
      return (
        <>
          {/* A resume ends the wait for the service, and would end a pause, too. */}
          {may && !concern.isPaused && (
            <Button disabled={resume.isPending} onClick={() => resume.mutate()}>
              {t('tryNow')}
            </Button>
          )}
          <Link to="/services/$service" params={{ service: concern.service }}>
            {t('look')}
          </Link>
        </>
      );
    case 'failedJobs':
      return (
        <Link to="/jobs" search={{ state: 'failed,partial', created_after: concern.after }}>
          {t('look')}
        </Link>
      );
    case 'servicePaused':
    case 'everythingPaused':
      return may ? (
        <Button disabled={resume.isPending} onClick={() => resume.mutate()}>
          {t('resume')}
        </Button>
      ) : null;
    default:
      return null;
  }
}
