import { CircleCheck, CircleX, UserX } from 'lucide-react';
import { useState } from 'react';
import { taskName } from '../../api/taskName';
import { formatConfidence, formatNumber } from '../../format/numbers';
import { Panel } from '../../parts';
import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { ResultCard, WholeResult } from '../ResultCard';
import type { ResultRow, ResultViewProps } from '../types';
import { useInput } from '../useInput';
import './comparison.css';
import { type Comparison, readComparison, readRanking, type Side, type Verdict } from './reading';
import { comparisonTexts } from './texts';

/** The names of the photos of an item, by the side they are on: of pairs, and of one target with many. */
const slots = [
  ['image1', 'target_image'],
  ['image2', 'image'],
] as const;

const icons: Record<Verdict, typeof CircleX> = {
  same: CircleCheck,
  different: CircleX,
  noFace1: UserX,
  noFace2: UserX,
};

/** Pairs of faces, and whether both are the same person. */
export default function ComparisonView({ job, rows, more, hasMore }: ResultViewProps) {
  return (
    <div className="stack">
      <Ranking aggregate={(job as { readonly aggregate_results?: unknown }).aggregate_results} />
      <CardList rows={rows} more={more} hasMore={hasMore}>
        {row => <Pair key={row.id} row={row} />}
      </CardList>
    </div>
  );
}

function Ranking({ aggregate }: { readonly aggregate: unknown }) {
  const t = useTexts(comparisonTexts);
  const ranking = readRanking(aggregate);
  if (ranking === undefined || ranking.length === 0) return null;
  return (
    <Panel title={t('ranking')}>
      <ol className="comparison-ranking">
        {ranking.map(one => (
          <li key={one.item}>
            <span className="cut">{one.name ?? t('item', { number: one.item + 1 })}</span>
            <Mark verdict={one.isMatch ? 'same' : 'different'} />
            <span className="number">{formatNumber(one.similarity, 2)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Mark({ verdict }: { readonly verdict: Verdict }) {
  const t = useTexts(comparisonTexts);
  const Icon = icons[verdict];
  return (
    <span className={`comparison-verdict comparison-${verdict}`}>
      <Icon size={16} aria-hidden />
      {t(verdict)}
    </span>
  );
}

function Pair({ row }: { readonly row: ResultRow }) {
  const comparison = readComparison(row.result);
  return (
    <ResultCard row={row}>
      {comparison ? <Compared row={row} comparison={comparison} /> : <WholeResult row={row} open />}
    </ResultCard>
  );
}

function Compared({ row, comparison }: { readonly row: ResultRow; readonly comparison: Comparison }) {
  const t = useTexts(comparisonTexts);
  const input = useInput<HTMLDivElement>(row.id);
  const { verdict, similarity, confidence, least, sides } = comparison;
  const isCompared = verdict === 'same' || verdict === 'different';
  return (
    <div ref={input.place} className="comparison">
      {sides.map((side, at) => (
        <Shown
          key={slots[at]![0]}
          side={side}
          url={input.urls?.[slots[at]![0]] ?? input.urls?.[slots[at]![1]] ?? (at === 1 ? input.url : undefined)}
          isRead={input.isRead}
          alt={t(at === 0 ? 'photo1' : 'photo2', { name: taskName(row) })}
        />
      ))}
      <div className="comparison-answer">
        <Mark verdict={verdict} />
        {isCompared && (
          <>
            <span>{t('similarity', { similarity: formatNumber(similarity, 2) })}</span>
            {least !== undefined && <span className="quiet">{t('needed', { least: formatNumber(least, 2) })}</span>}
            {confidence !== undefined && (
              <span className="quiet">{t('confidence', { confidence: formatConfidence(confidence) })}</span>
            )}
          </>
        )}
      </div>
    </div>
  );
}

interface ShownProps {
  readonly side: Side;
  readonly url: string | undefined;
  readonly isRead: boolean;
  readonly alt: string;
}

function Shown({ side, url, isRead, alt }: ShownProps) {
  const t = useTexts(comparisonTexts);
  const [isBroken, setBroken] = useState(false);
  if (side.person !== undefined) return <p className="comparison-person">{side.person}</p>;
  return (
    <figure className="comparison-side">
      {url && !isBroken ? (
        <img src={url} alt={alt} loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <p className="quiet">{isRead ? t('gone') : '…'}</p>
      )}
      {side.faces !== undefined && <figcaption className="quiet">{t('faces', { count: side.faces })}</figcaption>}
    </figure>
  );
}
