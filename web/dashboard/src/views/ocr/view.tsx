import { useState } from 'react';
import { taskName } from '../../api/taskName';
import { useTexts } from '../../texts/texts';
import { CardList } from '../CardList';
import { readText } from '../pointer';
import { ResultCard, WholeResult } from '../ResultCard';
import type { ResultRow, ResultViewProps, ServiceView } from '../types';
import { useInput } from '../useInput';
import { viewTexts } from '../views.texts';

/** Pictures and the text that was read in them. */
export default function OcrView({ view, rows, more, hasMore }: ResultViewProps) {
  return (
    <CardList rows={rows} more={more} hasMore={hasMore}>
      {row => <ReadPicture key={row.id} row={row} view={view} />}
    </CardList>
  );
}

function ReadPicture({ row, view }: { readonly row: ResultRow; readonly view: ServiceView }) {
  const t = useTexts(viewTexts);
  const input = useInput<HTMLDivElement>(row.id);
  const [isBroken, setBroken] = useState(false);
  const text = readText(row.result, view.text ?? '/text');
  return (
    <ResultCard row={row} text={input.text} place={input.place}>
      <div className="views-halves" ref={input.place}>
        {input.url ? (
          <a href={input.url} target="_blank" rel="noreferrer">
            {isBroken ? (
              t('cannotShow')
            ) : (
              <img
                className="views-picture"
                src={input.url}
                alt={t('pictureOf', { name: taskName(row) })}
                onError={() => setBroken(true)}
              />
            )}
          </a>
        ) : (
          <p className="quiet">{input.isRead ? t('inputGone') : '…'}</p>
        )}
        {text === undefined ? (
          <WholeResult row={row} open />
        ) : text.trim() === '' ? (
          <p className="quiet">{t('noText')}</p>
        ) : (
          <p className="views-text">{text}</p>
        )}
      </div>
    </ResultCard>
  );
}
