import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { Halves } from '../Halves';
import { readPointer, readText } from '../pointer';
import { ResultCard, WholeResult } from '../ResultCard';
import type { ResultRow, ResultViewProps, ServiceView } from '../types';
import { useInput } from '../useInput';
import { viewTexts } from '../views.texts';

/** What models say when they have said all. */
const wholeReasons = new Set(['stop', 'end_turn', 'stop_sequence', 'eos', 'complete', 'tool_calls', 'tool_use']);

/** What was asked and what the model answered, with its tokens. */
export default function ChatView({ view, rows, more, hasMore }: ResultViewProps) {
  return (
    <CardList rows={rows} more={more} hasMore={hasMore}>
      {row => <ChatResult key={row.id} row={row} view={view} />}
    </CardList>
  );
}

function ChatResult({ row, view }: { readonly row: ResultRow; readonly view: ServiceView }) {
  const t = useTexts(viewTexts);
  const input = useInput<HTMLDivElement>(row.id);
  const text = readText(row.result, view.text ?? view.answer ?? '/text');
  const counted = readPointer(row.result, view.tokens ?? '/usage/total_tokens');
  const tokens = typeof counted === 'number' ? counted : undefined;
  const reason = readText(row.result, view.finish_reason ?? '/finish_reason');
  // An answer that the model did not end itself is cut off, or was refused.
  const isWhole = reason === undefined || wholeReasons.has(reason);
  const beside = [
    ...(isWhole ? [] : [t('finished', { reason })]),
    ...(tokens === undefined ? [] : [t('tokens', { count: tokens })]),
  ].join(' · ');
  return (
    <ResultCard row={row} text={input.text} place={input.place} beside={beside}>
      <Halves
        place={input.place}
        leftTitle={t('prompt')}
        left={<p className="views-text">{input.text ?? (input.isRead ? t('inputGone') : '…')}</p>}
        rightTitle={t('answer')}
        right={<Answer row={row} text={text} />}
      />
    </ResultCard>
  );
}

function Answer({ row, text }: { readonly row: ResultRow; readonly text: string | undefined }) {
  const t = useTexts(viewTexts);
  if (text === undefined) return <WholeResult row={row} open />;
  return text === '' ? <p className="quiet">{t('noAnswer')}</p> : <p className="views-text">{text}</p>;
}
