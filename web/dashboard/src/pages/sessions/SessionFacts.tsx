import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { statusOf } from '../../api/errors';
import { formatDuration } from '../../format/durations';
import { formatNumber } from '../../format/numbers';
import { Button, Copyable, Empty, Panel, Shown, Time } from '../../parts';
import { useTexts } from '../../texts/texts';
import { type Session, sessionQueries } from './queries';
import { sessionsTexts } from './texts';

interface SessionFactsProps {
  readonly session: string;
  readonly onAll: () => void;
}

export function SessionFacts({ session, onAll }: SessionFactsProps) {
  const t = useTexts(sessionsTexts);
  const query = useQuery(sessionQueries.one(session));
  const all = (
    <Button icon={ArrowLeft} onClick={onAll}>
      {t('allSessions')}
    </Button>
  );
  return (
    <Panel title={t('session', { name: session })} actions={all}>
      {query.isError && statusOf(query.error) === 404 ? (
        <Empty icon={ArrowLeft} title={t('unknown')} text={t('unknownText')} />
      ) : (
        <Shown query={query}>{one => <Facts session={one} />}</Shown>
      )}
    </Panel>
  );
}

function Facts({ session }: { readonly session: Session }) {
  const t = useTexts(sessionsTexts);
  const metadata = Object.entries(session.metadata);
  return (
    <dl className="sessions-facts">
      <Fact name={t('id')}>
        <Copyable text={session.session_id}>
          <Link to="/sessions" search={{ session_id: session.session_id }}>
            {session.session_id}
          </Link>
        </Copyable>
      </Fact>
      <Fact name={t('user')}>
        {session.user_id === null ? (
          '–'
        ) : (
          <Link to="/sessions" search={{ user_id: session.user_id }}>
            {session.user_id}
          </Link>
        )}
      </Fact>
      <Fact name={t('started')}>
        <Time at={session.start_time} />
      </Fact>
      <Fact name={t('length')}>{lengthOf(session) ?? t('open')}</Fact>
      <Fact name={t('pages')}>{formatNumber(session.page_views)}</Fact>
      <Fact name={t('interactions')}>
        {session.recorded_interactions === session.total_interactions
          ? formatNumber(session.total_interactions)
          : t('recorded', { recorded: session.recorded_interactions, total: session.total_interactions })}
      </Fact>
      <Fact name={t('jobs')}>
        <Link to="/jobs" search={{ session_id: session.session_id }}>
          {t('toJobs')}
        </Link>
      </Fact>
      {metadata.length > 0 && (
        <Fact name={t('more')}>
          <code>{JSON.stringify(session.metadata)}</code>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How long a session was; nothing for one without an end. */
export function lengthOf(session: Session): string | undefined {
  if (session.end_time === null) return undefined;
  return formatDuration(Math.max(0, (Date.parse(session.end_time) - Date.parse(session.start_time)) / 1000));
}
