import type { ReactNode } from 'react';
import { MoreButton } from './MoreButton';
import type { ResultRow, ResultViewProps } from './types';
import './views.css';

interface CardListProps extends Pick<ResultViewProps, 'rows' | 'more' | 'hasMore'> {
  readonly children: (row: ResultRow) => ReactNode;
}

/** Results one below the other. */
export function CardList({ rows, more, hasMore, children }: CardListProps) {
  return (
    <>
      <ul className="views-list">{rows.map(children)}</ul>
      {hasMore && <MoreButton more={more} />}
    </>
  );
}
