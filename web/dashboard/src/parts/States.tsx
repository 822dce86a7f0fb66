import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { CircleAlert, Lock, type LucideIcon, SearchX, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { isFinal, isOffline, isOfServer, statusOf } from '../api/errors';
import { withoutRoute } from '../api/withoutRoute';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { Guarded } from './Guarded';
import { PageHeader } from './PageHeader';

interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text?: ReactNode;
  /** What to do next: buttons or links. */
  readonly children?: ReactNode;
}

/** A view without anything in it: what that means and what to do next. */
export function Empty({ icon: Icon, title, text, children }: EmptyProps) {
  return (
    <div className="state">
      <Icon size={28} aria-hidden />
      <h2>{title}</h2>
      {text && <p className="quiet">{text}</p>}
      {children && <div className="state-acts">{children}</div>}
    </div>
  );
}

/** Grey lines where rows will be; read aloud as one word. */
export function Loading({ rows = 5 }: { readonly rows?: number }) {
  const t = useTexts(words);
  return (
    <div className="skeleton" role="status">
      <span className="only-read-aloud">{t('loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike.
        <span key={row} className="skeleton-line" />
      ))}
    </div>
  );
}

/** Why something could not be loaded or done, in the server's words. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const t = useTexts(words);
  const status = statusOf(error);
  const again = retry && (
    <Button onClick={retry} look="main">
      {t('tryAgain')}
    </Button>
  );
  if (isOffline(error)) {
    return (
      <Empty icon={Unplug} title={t('offlineTitle')} text={t('offlineText')}>
        {again}
      </Empty>
    );
  }
  if (status === 403)
    return <Empty icon={Lock} title={t('forbiddenTitle')} text={error.message || t('forbiddenText')} />;
  if (status === 404 || status === 410) return <Gone error={error} />;
  return (
    // Other errors are this page's own, in words of the browser.
    <Empty icon={CircleAlert} title={t('failureTitle')} text={isOfServer(error) ? error.message : t('brokenText')}>
      {again}
    </Empty>
  );
}

const lists = { jobs: '/jobs', tasks: '/tasks', people: '/people', services: '/services' } as const;

/** What is not there any more: without the route that a program would ask next, and with the way to the list that it was in. */
function Gone({ error }: { readonly error: Error }) {
  const t = useTexts(words);
  const place = useRouterState({ select: state => state.location.pathname });
  const list = place.split('/').find((part): part is keyof typeof lists => Object.hasOwn(lists, part));
  return (
    <Empty icon={SearchX} title={t('missingTitle')} text={withoutRoute(error.message) || t('missingText')}>
      {list && <Link to={lists[list]}>{t('toList')}</Link>}
    </Empty>
  );
}

interface ShownProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly loading?: ReactNode;
  /** The heading of the page while there is nothing that has one: it loads, failed, or cannot be shown. */
  readonly heading?: string;
  readonly children: (data: Data) => ReactNode;
}

/**
 * What a query brought; until then that it loads, or why it does not. Data stays readable while the server restarts, with a note after other
 * errors; but what was deleted, or may not be seen any more, is not shown from memory.
 */
export function Shown<Data>({ query, loading, heading, children }: ShownProps<Data>) {
  const { data } = query;
  const headed = (state: ReactNode) => (
    <>
      {heading !== undefined && <PageHeader title={heading} />}
      {state}
    </>
  );
  // A list says by itself that its next page did not come.
  const error = 'isFetchNextPageError' in query && query.isFetchNextPageError ? null : query.error;
  if (data !== undefined && !isFinal(error))
    return (
      <>
        {error && !isOffline(error) && <Stale error={error} again={() => void query.refetch()} />}
        <Guarded of={data} fallback={again => headed(<Broken again={again} />)}>
          <Part data={data} show={children} />
        </Guarded>
      </>
    );
  if (query.isError) return headed(<Failure error={query.error} retry={() => void query.refetch()} />);
  return headed(loading ?? <Loading />);
}

/** Above data that could not be read again. */
function Stale({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const t = useTexts(words);
  return (
    <p className="fault row" role="status">
      {t('stale')} {isOfServer(error) ? error.message : t('brokenText')}
      <Button onClick={again}>{t('tryAgain')}</Button>
    </p>
  );
}

/** Of its own, so that what it throws is caught where it is shown. */
function Part<Data>({ data, show }: { readonly data: Data; readonly show: (data: Data) => ReactNode }) {
  return show(data);
}

/** A part that could not be shown, most often because a server of another version says what this page does not know. */
export function Broken({ again }: { readonly again: () => void }) {
  const t = useTexts(words);
  return (
    <Empty icon={CircleAlert} title={t('brokenTitle')} text={t('brokenText')}>
      <Button onClick={again} look="main">
        {t('tryAgain')}
      </Button>
    </Empty>
  );
}
