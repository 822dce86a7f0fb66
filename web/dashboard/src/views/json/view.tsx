import { readableJson } from '../../format/json';
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
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
            <pre className="views-json" tabIndex={0}>
              {readableJson(row.result)}
            </pre>
          </ResultCard>
        ))}
      </ul>
      {hasMore && <MoreButton more={more} />}
    </>
  );
}
