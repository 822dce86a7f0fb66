import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { CirclePause, CirclePlay, SearchX, Upload } from 'lucide-react';
import { localServices } from '../../api/localServices';
import { queries } from '../../api/queries';
import type { Service } from '../../api/types';
import { useFeature, useMay } from '../../app/me';
import { formatNumber } from '../../format/numbers';
import { useKeys } from '../../keys/useKeys';
import { useLive } from '../../live/live';
import { Button, Empty, PageHeader, Shown } from '../../parts';
import { useTexts } from '../../texts/texts';
import { words } from '../../texts/words.texts';
import { PauseAll } from '../services/PauseAll';
import { ServiceChip } from '../services/ServiceChip';
import '../services/services.css';
import { servicesTexts } from '../services/texts';
import { usePause } from '../services/usePause';
import { Declaration } from './Declaration';
import { Lanes } from './Lanes';
import { Limits } from './LimitsForm';
import './service.css';
import { TestConsole } from './TestConsole';
import { serviceTexts } from './texts';

/** Services without a declaration. */
const builtIn = new Set(['visage']);

export default function ServicePage() {
  const t = useTexts(serviceTexts);
  const w = useTexts(words);
  const { service: name } = useParams({ strict: false });
  const services = useQuery(queries.services);
  const mayAdmin = useMay('admin');
  useLive({ kind: 'services' });
  return (
    <Shown query={services} heading={name ?? ''}>
      {data => {
        const service = data.services.find(one => one.name === name);
        if (service) return <Whole key={name} service={service} everythingPaused={data.everything_paused} />;
        return (
          <>
            <PageHeader title={name ?? ''} />
            <div className="stack">
              <Empty icon={SearchX} title={w('missingTitle')} text={w('missingText')}>
                <Link to="/services" className="button">
                  {t('allServices')}
                </Link>
              </Empty>
              {mayAdmin && name && <Declaration service={name} />}
            </div>
          </>
        );
      }}
    </Shown>
  );
}

function Whole({ service, everythingPaused }: { readonly service: Service; readonly everythingPaused: boolean }) {
  const t = useTexts(serviceTexts);
  const s = useTexts(servicesTexts);
  const mayOperate = useMay('operate');
  const mayAdmin = useMay('admin');
  const maySubmit = useMay('submit');
  const canTest = useFeature('test') && mayOperate;
  const pause = usePause(service);
  const isLocal = localServices.has(service.name);
  useKeys(mayOperate && !everythingPaused ? { p: pause.toggle } : {});
  return (
    <>
      <PageHeader
        title={service.name}
        beside={<ServiceChip service={service} everythingPaused={everythingPaused} />}
        summary={
          <span className="row">
            {t('summary', { running: formatNumber(service.running), waiting: formatNumber(service.waiting) })}
            <Link to="/jobs" search={{ service: service.name }}>
              {t('jobs')}
            </Link>
          </span>
        }
        actions={
          <>
            {/* A pause of everything is over only when everything is resumed. */}
            {mayOperate && everythingPaused && <PauseAll isPaused />}
            {mayOperate && !everythingPaused && (
              <Button
                icon={service.paused ? CirclePlay : CirclePause}
                disabled={pause.isPending}
                onClick={pause.toggle}
              >
                {s(service.paused ? 'resume' : 'pause')}
              </Button>
            )}
            {maySubmit && !isLocal && (
              <Link to="/submit" search={{ service: service.name }} className="button button-main">
                <Upload size={16} aria-hidden />
                {t('submit')}
              </Link>
            )}
          </>
        }
      />
      <div className="stack">
        {isLocal ? (
          <p className="quiet">{t('localService')}</p>
        ) : (
          <div className="service-panels">
            <Limits service={service} />
            <Lanes service={service} everythingPaused={everythingPaused} />
          </div>
        )}
        {canTest && !isLocal && <TestConsole service={service.name} />}
        {mayAdmin && !isLocal && !builtIn.has(service.name) && <Declaration service={service.name} />}
      </div>
    </>
  );
}
