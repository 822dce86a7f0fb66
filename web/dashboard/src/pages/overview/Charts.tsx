import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../../api/queries';
import { useSearchState } from '../../app/useSearchState';
import { formatMilliseconds } from '../../format/durations';
import { formatRate } from '../../format/numbers';
import { Panel, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Chart } from './Chart';
import { columnsOf } from './series';
import { overviewTexts } from './texts';

const ranges = { hour: 3600, day: 86_400, month: 30 * 86_400 } as const;
type Range = keyof typeof ranges;
const names = Object.keys(ranges) as Range[];

export function Charts() {
  const t = useTexts(overviewTexts);
  const [search, change] = useSearchState();
  const range = names.find(name => name === search.range) ?? 'hour';
  const query = useQuery({ ...queries.series(ranges[range]), placeholderData: keepPreviousData });
  const columns = useMemo(
    () =>
      query.data && {
        throughput: columnsOf(query.data, ['completed']),
        failures: columnsOf(query.data, ['failed', 'retried', 'throttled']),
        calls: columnsOf(query.data, ['p50_ms', 'p95_ms']),
      },
    [query.data],
  );
  const choice = (
    <fieldset className="overview-range">
      <legend className="only-read-aloud">{t('range')}</legend>
      {names.map(name => (
        <label key={name}>
          <input
            type="radio"
            name="range"
            checked={name === range}
            onChange={() => change({ range: name === 'hour' ? undefined : name })}
          />
          {t(name)}
        </label>
      ))}
    </fieldset>
  );
  return (
    <Panel title={t(range === 'hour' ? 'lastHour' : range === 'day' ? 'lastDay' : 'lastMonth')} actions={choice}>
      <Shown query={query}>
        {() =>
          columns && (
            <div className="overview-charts">
              <Chart
                empty={t('noCalls')}
                title={t('throughput')}
                columns={columns.throughput}
                lines={[{ label: t('completed'), colour: '--good' }]}
                format={formatRate}
              />
              <Chart
                empty={t('noFailures')}
                title={t('failures')}
                columns={columns.failures}
                lines={[
                  { label: t('failed'), colour: '--bad' },
                  { label: t('retried'), colour: '--warn', dash: [6, 3] },
                  { label: t('throttled'), colour: '--idle', dash: [2, 3] },
                ]}
                format={formatRate}
              />
              <Chart
                empty={t('noCalls')}
                title={t('callTime')}
                columns={columns.calls}
                lines={[
                  { label: t('p50'), colour: '--running' },
                  { label: t('p95'), colour: '--accent', dash: [6, 3] },
                ]}
                format={formatMilliseconds}
              />
            </div>
          )
        }
      </Shown>
    </Panel>
  );
}
