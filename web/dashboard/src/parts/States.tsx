import type { UseQueryResult } from '@tanstack/react-query';
import { CircleAlert, Lock, type LucideIcon, SearchX, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { isOffline, statusOf } from '../api/errors';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';

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
  if (status === 404)
    return <Empty icon={SearchX} title={t('missingTitle')} text={error.message || t('missingText')} />;
  return (
    <Empty icon={CircleAlert} title={t('failureTitle')} text={error.message}>
      {again}
    </Empty>
  );
}

interface ShownProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly loading?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** What a query brought; until then that it loads, or why it does not. Data stays readable while the server restarts. */
export function Shown<Data>({ query, loading, children }: ShownProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return loading ?? <Loading />;
}
