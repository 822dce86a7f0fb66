import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { MousePointerClick } from 'lucide-react';
import type { Search } from '../../app/search';
import { useSearchState } from '../../app/useSearchState';
import { pickFilter } from '../../filter/parse';
import { Copyable, Empty, FilterField, PageHeader, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Actions } from './Actions';
import { Interactions } from './Interactions';
import { rangeOf, sessionQueries } from './queries';
import { SessionFacts } from './SessionFacts';
import { SessionTable } from './SessionTable';
import './sessions.css';
import { sessionsTexts } from './texts';

const rule = { names: ['session_id', 'user_id'], text: 'session_id' };

/** What users did: by session, and by action over time. */
export default function SessionsPage() {
  const t = useTexts(sessionsTexts);
  const [search, change] = useSearchState();
  const navigate = useNavigate();
  const filter = pickFilter(search, rule);
  const range = rangeOf(search.range);
  const table = useQuery(sessionQueries.table(filter, range));
  const actions = useInfiniteQuery(sessionQueries.actions(filter));
  const { session_id: session, user_id: user } = filter;
  // A session is read from its beginning, as a page of its own is.
  const open = (id: string) =>
    void navigate({ to: '/sessions', search: (before: Search) => ({ ...before, session_id: id }) });
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="stack">
        <FilterField
          rule={rule}
          filter={filter}
          placeholder="user_id:anna"
          onChange={next => change({ session_id: next.session_id, user_id: next.user_id, action: undefined })}
        />
        {session && (
          <SessionFacts session={session} onAll={() => change({ session_id: undefined, action: undefined })} />
        )}
        <Shown query={table}>
          {counted => {
            const isEmpty = counted.total === 0 && actions.data?.pages[0]?.interactions.length === 0;
            if (isEmpty) return session || user ? null : <Nothing />;
            return (
              <Actions
                table={counted}
                range={range}
                onRange={next => change({ range: next === 'day' ? undefined : next })}
                chosen={search.action}
                onChoose={action => change({ action })}
              />
            );
          }}
        </Shown>
        {session || search.action ? (
          <Interactions key={`${session} ${user} ${search.action}`} query={actions} action={search.action} />
        ) : (
          <SessionTable key={user} filter={user ? { user_id: user } : {}} onOpen={open} />
        )}
      </div>
    </>
  );
}

function Nothing() {
  const t = useTexts(sessionsTexts);
  const address = new URL('api/interactions', document.baseURI).href;
  const example = `curl -X POST ${address} -H 'Content-Type: application/json' -d '{"session_id":"my-session","action_type":"click"}'`;
  return (
    <Empty icon={MousePointerClick} title={t('none')} text={t('noneText')}>
      <Copyable text={example}>
        <code className="sessions-example">{example}</code>
      </Copyable>
    </Empty>
  );
}
