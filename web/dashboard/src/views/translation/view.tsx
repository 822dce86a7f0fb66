import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { Halves } from '../Halves';
import { readText } from '../pointer';
import { ResultCard, WholeResult } from '../ResultCard';
import type { ResultRow, ResultViewProps, ServiceView } from '../types';
import { useInput } from '../useInput';
import { viewTexts } from '../views.texts';

/** Texts and their translations. */
export default function TranslationView({ view, rows, more, hasMore }: ResultViewProps) {
  return (
    <CardList rows={rows} more={more} hasMore={hasMore}>
      {row => <Translated key={row.id} row={row} view={view} />}
    </CardList>
  );
}

function Translated({ row, view }: { readonly row: ResultRow; readonly view: ServiceView }) {
  const t = useTexts(viewTexts);
  const input = useInput<HTMLDivElement>(row.id);
  const text = readText(row.result, view.text ?? view.translation ?? '/translated_text');

  return (
    <ResultCard row={row} text={input.text} place={input.place}>
      <Halves
        place={input.place}
        leftTitle={t('source')}
        left={<p className="views-text">{input.text ?? (input.isRead ? t('inputGone') : '…')}</p>}
        rightTitle={t('translation')}
        right={text === undefined ? <WholeResult row={row} open /> : <p className="views-text">{text}</p>}
      />
    </ResultCard>
  );
}
