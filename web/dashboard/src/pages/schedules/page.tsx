import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, CirclePause, CirclePlay, History, Pencil, Play, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../api/client';
import { forget, queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { useMay } from '../../app/me';
import { useSearchState } from '../../app/useSearchState';
import { Button, Empty, PageHeader, Shown, say, sayFailure, Time } from '../../parts';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { RunLine, Runs } from './Runs';
import { ScheduleForm } from './ScheduleForm';
import './schedules.css';
import { schedulesTexts } from './texts';

type Schedule = Schemas['Schedule'];

export default function SchedulesPage() {
  const t = useTexts(schedulesTexts);
  const mayOperate = useMay('operate');
  const [search, change] = useSearchState();
  const schedules = useQuery({ queryKey: ['schedules'], queryFn: readAll, refetchInterval: 5_000 });
  const find = (id: string | undefined) => schedules.data?.find(one => one.id === id);
  const shown = find(search.history);
  const changed = find(search.change);
  const add = (
    <Button look="main" icon={Plus} onClick={() => change({ change: 'new' })}>
      {t('add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} summary={t('lead')} actions={mayOperate && add} />
      <div className="stack">
        <Shown query={schedules}>
          {data =>
            data.length === 0 ? (
              <Empty icon={CalendarClock} title={t('emptyTitle')} text={t('emptyText')}>
                {mayOperate && add}
              </Empty>
            ) : (
              <ul className="schedules-list">
                {data.map(schedule => (
                  <Entry key={schedule.id} schedule={schedule} />
                ))}
              </ul>
            )
          }
        </Shown>
        {shown && <Runs key={shown.id} schedule={shown} onClose={() => change({ history: undefined })} />}
      </div>
      {mayOperate && (search.change === 'new' || changed) && (
        <ScheduleForm key={search.change} schedule={changed} onClose={() => change({ change: undefined })} />
      )}
    </>
  );
}

async function readAll({ signal }: { signal: AbortSignal }): Promise<Schedule[]> {
  const all: Schedule[] = [];
  for await (const schedule of client.schedules.all({ limit: 200 }, { signal })) all.push(schedule);
  return all;
}

function Entry({ schedule }: { readonly schedule: Schedule }) {
  const t = useTexts(schedulesTexts);
  const [, change] = useSearchState();
  return (
    <li className="panel">
      <div className="row">
        <h2>{schedule.name}</h2>
        {schedule.paused && <span className="chip state-paused">{t('paused')}</span>}
        <code>{schedule.cron}</code>
        <span className="quiet">{schedule.time_zone}</span>
        <span className="schedules-acts row">
          <Button icon={History} onClick={() => change({ history: schedule.id })}>
            {t('history')}
          </Button>
          <Acts schedule={schedule} />
        </span>
      </div>
      <p>
        <Link to="/services/$service" params={{ service: schedule.service }}>
          {schedule.service}
        </Link>
        {schedule.operation && `.${schedule.operation}`}{' '}
        <span className="quiet schedules-reason">
          {String(schedule.source.path ?? t('body'))}
          {schedule.owner && ` · ${t('owner', { owner: schedule.owner })}`}
        </span>
      </p>
      <div className="row schedules-times">
        <p>
          <span className="quiet">{t('next')}</span> <Time at={schedule.next_run_at} isExpected />
        </p>
        <p className="row">
          <span className="quiet">{t('last')}</span>
          {schedule.last_run ? <RunLine run={schedule.last_run} /> : <span>{t('never')}</span>}
        </p>
      </div>
    </li>
  );
}

function Acts({ schedule }: { readonly schedule: Schedule }) {
  const t = useTexts(schedulesTexts);
  const [, change] = useSearchState();
  const [isAsking, setAsking] = useState(false);
  const act = useAct({
    mutationFn: async (name: 'pause' | 'run' | 'remove'): Promise<void> => {
      if (name === 'pause') await client.schedules.patch(schedule.id, { paused: !schedule.paused });
      else if (name === 'run') await client.schedules.run(schedule.id);
      else await client.schedules.delete(schedule.id);
    },
    onSuccess: (_, name) => {
      if (name === 'remove') forget(schedule.id);
      // The history of a schedule that is gone is not asked for again.
      void queryClient.invalidateQueries({ queryKey: ['schedules'], exact: name === 'remove' });
      if (name === 'run') say({ title: t('asked'), kind: 'good' });
      if (name === 'remove') say({ title: t('removed', { name: schedule.name }), kind: 'good' });
    },
    onError: error => sayFailure(t('failed'), error),
  });
  if (!useMay('operate')) return null;
  const named = (label: string) => `${label}: ${schedule.name}`;
  return (
    <>
      <Button icon={Play} disabled={act.isPending} onClick={() => act.mutate('run')}>
        {t('runNow')}
      </Button>
      <Button
        look="quiet"
        icon={schedule.paused ? CirclePlay : CirclePause}
        label={named(t(schedule.paused ? 'resume' : 'pause'))}
        disabled={act.isPending}
        onClick={() => act.mutate('pause')}
      />
      <Button look="quiet" icon={Pencil} label={named(t('change'))} onClick={() => change({ change: schedule.id })} />
      <Button look="quiet" icon={Trash2} label={named(t('remove'))} onClick={() => setAsking(true)} />
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={named(t('remove'))}
        consequence={t('removeText')}
        act={t('remove')}
        onConfirm={() => act.mutate('remove')}
      />
    </>
  );
}
