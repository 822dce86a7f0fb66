import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CirclePause, CirclePlay, Plug, Terminal } from 'lucide-react';
import { queries } from '../../api/queries';
import type { Service } from '../../api/types';
import { useFeature, useMay } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { formatNumber, formatRate } from '../../format/numbers';
import { formatClock } from '../../format/times';
import { useLive } from '../../live/live';
import { Button, Empty, PageHeader, Shown, useNow } from '../../parts';
import { useTexts } from '../../texts/texts';
import { ImportCurl } from './ImportCurl';
import { PauseAll } from './PauseAll';
import { ServiceChip } from './ServiceChip';
import './services.css';
import { servicesTexts } from './texts';
import { usePause } from './usePause';

export default function ServicesPage() {
  const t = useTexts(servicesTexts);
  const mayOperate = useMay('operate');
  const canImport = useFeature('import') && mayOperate;
  const [search, change] = useSearchState();
  const services = useQuery(queries.services);
  useLive({ kind: 'services' });
  const isImporting = canImport && search.import === 'curl';
  return (
    <>
      <PageHeader
        title={t('title')}
        beside={services.data?.everything_paused && <EverythingPaused until={services.data.everything_paused_until} />}
        actions={
          <>
            {mayOperate && services.data && <PauseAll isPaused={services.data.everything_paused} />}
            {canImport && !isImporting && (
              <Button look="main" icon={Terminal} onClick={() => change({ import: 'curl' })}>
                {t('importCurl')}
              </Button>
            )}
          </>
        }
      />
      <div className="stack">
        {isImporting && <ImportCurl onClose={() => change({ import: undefined })} />}
        <Shown query={services}>
          {data =>
            data.services.length === 0 ? (
              <Empty icon={Plug} title={t('emptyTitle')} text={t('emptyText')} />
            ) : (
              <ServiceTable services={data.services} everythingPaused={data.everything_paused} />
            )
          }
        </Shown>
      </div>
    </>
  );
}

function EverythingPaused({ until }: { readonly until: string | null | undefined }) {
  const t = useTexts(servicesTexts);
  const now = useNow(1000);
  return (
    <span className="chip state-paused">
      {until ? t('everythingPausedUntil', { time: formatClock(Date.parse(until), now) }) : t('everythingPaused')}
    </span>
  );
}

interface ServiceTableProps {
  readonly services: readonly Service[];
  readonly everythingPaused: boolean;
}

function ServiceTable({ services, everythingPaused }: ServiceTableProps) {
  const t = useTexts(servicesTexts);
  return (
    <table className="panel services-table" aria-label={t('title')}>
      <thead>
        <tr>
          <th scope="col">{t('service')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col" className="number">
            {t('calls')}
          </th>
          <th scope="col" className="number">
            {t('waiting')}
          </th>
          <th scope="col" className="number services-wide">
            {t('rate')}
          </th>
          <th scope="col" className="services-wide">
            {t('hours')}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {services.map(service => (
          <ServiceRow key={service.name} service={service} everythingPaused={everythingPaused} />
        ))}
      </tbody>
    </table>
  );
}

function ServiceRow({ service, everythingPaused }: { readonly service: Service; readonly everythingPaused: boolean }) {
  const t = useTexts(servicesTexts);
  const mayOperate = useMay('operate');
  const pause = usePause(service);
  const limit = service.limits?.max_running ?? null;
  const rate = service.limits?.rate_per_second ?? null;
  const reason = service.lanes.find(lane => lane.waiting !== null)?.waiting?.error_message;
  return (
    <tr>
      <th scope="row">
        <Link to="/services/$service" params={{ service: service.name }}>
          {service.name}
        </Link>
        {reason && <p className="quiet services-reason">{reason}</p>}
      </th>
      <td>
        <ServiceChip service={service} everythingPaused={everythingPaused} />
      </td>
      <td className="number">
        {limit === null
          ? formatNumber(service.running)
          : // The server takes up more tasks than it may call at once, so that the next call waits for nothing.
            t('ofLimit', { running: formatNumber(Math.min(service.running, limit)), limit: formatNumber(limit) })}
      </td>
      <td className="number">{formatNumber(service.waiting)}</td>
      <td className="number services-wide">
        {rate === null ? <span className="quiet">{t('noLimit')}</span> : t('perSecond', { rate: formatRate(rate) })}
      </td>
      <td className="services-wide">{service.allowed_hours?.hours ?? <span className="quiet">{t('always')}</span>}</td>
      <td className="number">
        {mayOperate && !everythingPaused && (
          <Button
            look="quiet"
            icon={service.paused ? CirclePlay : CirclePause}
            label={`${t(service.paused ? 'resume' : 'pause')}: ${service.name}`}
            disabled={pause.isPending}
            onClick={pause.toggle}
          />
        )}
      </td>
    </tr>
  );
}
