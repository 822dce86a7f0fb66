import { readableJson } from '../../format/json';
import { LongText } from '../../parts';
import { MoreButton } from '../MoreButton';
import { ResultCard } from '../ResultCard';
import type { ResultViewProps } from '../types';

/** Results as the service gave them. */
export default function JsonView({ rows, more, hasMore }: ResultViewProps) {
  return (
    <>
      <ul className="views-list">
        {rows.map(row => (
          <ResultCard key={row.id} row={row}>
            <LongText className="views-json" text={readableJson(row.result)} />
          </ResultCard>
        ))}
      </ul>
      {hasMore && <MoreButton more={more} />}
    </>
  );
}
