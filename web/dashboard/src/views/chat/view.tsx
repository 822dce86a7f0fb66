import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { Halves } from '../Halves';
import { readPointer, readText } from '../pointer';
import { ResultCard, WholeResult } from '../ResultCard';
import type { ResultRow, ResultViewProps, ServiceView } from '../types';
import { useInput } from '../useInput';
import { viewTexts } from '../views.texts';

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
  return (
    <ResultCard row={row} beside={tokens === undefined ? undefined : t('tokens', { count: tokens })}>
      <Halves
        place={input.place}
        leftTitle={t('prompt')}
        left={<p className="views-text">{input.text ?? (input.isRead ? t('inputGone') : '…')}</p>}
        rightTitle={t('answer')}
        right={text === undefined ? <WholeResult row={row} open /> : <p className="views-text">{text}</p>}
      />
    </ResultCard>
  );
}
