import { StashUnreachableError } from '@stashai/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Unplug, UserX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { statusOf } from '../../api/errors';
import { useFeature } from '../../app/me';
import { Button, Copyable, Empty, Loading, PageHeader, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { peopleTexts } from './texts';

interface FaceImageProps {
  readonly src: string;
  /** Whose it is; empty where the name stands beside it. */
  readonly name: string;
  readonly className?: string;
}

/** A picture of a face. Where there is none, or no address, the first letter of the name stands for it. */
export function FaceImage({ src, name, className = '' }: FaceImageProps) {
  const [isMissing, setMissing] = useState<string>();
  if (src === '' || isMissing === src) {
    return (
      <span className={`people-face people-letter ${className}`} aria-hidden>
        {name.slice(0, 1).toUpperCase() || '?'}
      </span>
    );
  }
  return <img className={`people-face ${className}`} src={src} alt="" loading="lazy" onError={() => setMissing(src)} />;
}

/** True when the server answers, but the face service behind it does not. */
function isServiceDown(error: Error): boolean {
  return !(error instanceof StashUnreachableError) && [501, 502, 503, 504].includes(statusOf(error));
}

/** As `Shown`; a face service that is away is named as what it is, with what to do. */
export function ShownPeople<Data>(props: {
  readonly query: UseQueryResult<Data>;
  readonly heading?: string;
  readonly children: (data: Data) => ReactNode;
}) {
  const { query, heading, children } = props;
  const t = useTexts(peopleTexts);
  const w = useTexts(words);
  if (query.data !== undefined || !query.isError || !isServiceDown(query.error))
    return (
      <Shown query={query} loading={<Loading />} {...(heading !== undefined && { heading })}>
        {children}
      </Shown>
    );
  return (
    <>
      {heading !== undefined && <PageHeader title={heading} />}
      <Empty
        icon={Unplug}
        title={t('down')}
        text={
          <>
            {query.error.message} {t('downText')}
          </>
        }
      >
        <Button look="main" onClick={() => void query.refetch()}>
          {w('tryAgain')}
        </Button>
        <Link className="button" to="/services/$service" params={{ service: 'visage' }}>
          {t('toService')}
        </Link>
      </Empty>
    </>
  );
}

/** The page, on a server that knows faces; else how it comes to know them. */
export function NeedsFaces({ children }: { readonly children: ReactNode }) {
  const t = useTexts(peopleTexts);
  if (useFeature('people')) return children;
  return (
    <Empty icon={UserX} title={t('noService')} text={t('noServiceText')}>
      <Copyable text="stashai models fetch">
        <code>stashai models fetch</code>
      </Copyable>
    </Empty>
  );
}
