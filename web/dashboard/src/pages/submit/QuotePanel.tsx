import type { Json } from '@stashai/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';
import { formatDuration } from '../../format/durations';
import { formatNumber } from '../../format/numbers';
import { formatMoment } from '../../format/times';
import { Panel, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { RefusedItems } from './RefusedItems';
import { submitTexts } from './texts';

interface QuotePanelProps {
  readonly request: Schemas['QuoteRequest'];
}

/** At most so many items are sent ahead for the server to check; the rest is checked here, and at the submit. */
const checkedItems = 200;
const checkedLength = 200_000;

/** From so many seconds on people ask for the time of the end. */
const worthATime = 600;

/** What a quote is asked for: items that are small are checked by the server as well. */
export function quoteOf(
  target: Pick<Schemas['QuoteRequest'], 'service' | 'operation'>,
  count: number,
  items: readonly Json[],
) {
  const isSmall = items.length > 0 && items.length <= checkedItems && JSON.stringify(items).length <= checkedLength;
  return { ...target, ...(isSmall ? { items: [...items] } : { count }) };
}

/** Time, cost and energy of the job before it starts; what nobody knows says why. */
export function QuotePanel({ request }: QuotePanelProps) {
  const t = useTexts(submitTexts);
  const quote = useQuery({
    queryKey: ['quote', request],
    queryFn: ({ signal }) => client.quote(request, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  return (
    <Panel title={t('quote')}>
      <Shown query={quote}>{data => <QuoteList quote={data} />}</Shown>
    </Panel>
  );
}

function QuoteList({ quote }: { readonly quote: Schemas['Quote'] }) {
  const t = useTexts(submitTexts);
  const { seconds_p50: p50, seconds_p90: p90 } = quote;
  return (
    <div className="stack">
      <dl className="submit-quote">
        <dt>{t('quoteTime')}</dt>
        <dd>
          {typeof p50 === 'number'
            ? t('quoteTimeIs', { p50: formatDuration(p50), p90: formatDuration(p90 ?? p50) })
            : quote.time_unknown}
        </dd>
        {/* Nothing has started, so nothing counts down; of a short job the duration says it all. */}
        {quote.ends_at && (p50 ?? 0) >= worthATime && (
          <>
            <dt>{t('quoteEnd')}</dt>
            <dd>{t('quoteEndIs', { time: formatMoment(Date.parse(quote.ends_at)) })}</dd>
          </>
        )}
        <dt>{t('quoteCost')}</dt>
        <dd>{typeof quote.cost === 'number' ? formatNumber(quote.cost, 6) : quote.cost_unknown}</dd>
        <dt>{t('quoteEnergy')}</dt>
        <dd>{typeof quote.energy_wh === 'number' ? `${formatNumber(quote.energy_wh, 3)} Wh` : quote.energy_unknown}</dd>
      </dl>
      {quote.tasks_ahead > 0 && <p className="quiet">{t('quoteAhead', { count: quote.tasks_ahead })}</p>}
      {quote.errors.length > 0 && (
        <RefusedItems
          items={quote.errors.map(error => ({ ...error, item: error.item + 1, field: error.field ?? '' }))}
        />
      )}
    </div>
  );
}
