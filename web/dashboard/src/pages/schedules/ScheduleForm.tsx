import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { client } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { Button, say } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { Refusal } from '../../schema/Refusal';
import { refusalsOf } from '../../schema/refusals';
import { useAct } from '../../steady/useAct';
import { useTexts } from '../../texts/texts';
import { type Draft, draftOf, newDraft, requestOf, type SourceKind } from './draft';
import { schedulesTexts } from './texts';

/** What the form says by the field. */
const refusable = ['name', 'cron', 'time_zone', 'source.path', 'source.types', 'source.items', 'config'];

const local = new Set(['interactions', 'sessions']);

interface ScheduleFormProps {
  /** The schedule that is changed; a new one without it. */
  readonly schedule?: Schemas['Schedule'] | undefined;
  readonly onClose: () => void;
}

/** A new schedule, or a change of one. What is wrong is said by the field, in the server's words. */
export function ScheduleForm({ schedule, onClose }: ScheduleFormProps) {
  const t = useTexts(schedulesTexts);
  const id = useId();
  const services = useQuery(queries.services);
  const own = services.data?.services.filter(one => !local.has(one.name)) ?? [];
  const [draft, setDraft] = useState<Draft>(() =>
    schedule ? draftOf(schedule) : newDraft('visage', Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const request = requestOf(draft, schedule);
  const save = useAct({
    mutationFn: (body: Schemas['ScheduleRequest']) =>
      schedule ? client.schedules.patch(schedule.id, body) : client.schedules.create(body),
    onSuccess: saved => {
      void queryClient.invalidateQueries({ queryKey: ['schedules'] });
      say({ title: t('saved', { name: saved.name }), kind: 'good' });
      onClose();
    },
  });
  const refusals = refusalsOf(save.error);
  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
    // What was refused is not what stands there now.
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof request !== 'string') save.mutate(request);
  };
  const text = (name: 'name' | 'cron' | 'time_zone' | 'path' | 'types' | 'items' | 'config', hint?: string) => {
    const isWrong = typeof request === 'string' && request === `${name}Fault`;
    const refusal = refusals[name] ?? refusals[`source.${name}`];
    return (
      <Labelled
        label={t(name === 'items' ? 'itemList' : name)}
        hint={hint}
        fault={isWrong ? t(request as 'itemsFault') : refusal}
        render={field =>
          name === 'items' || name === 'config' ? (
            <textarea
              {...field}
              className="input"
              rows={3}
              spellCheck={false}
              value={draft[name]}
              onChange={event => set({ [name]: event.target.value })}
            />
          ) : (
            <input
              {...field}
              className="input"
              autoComplete="off"
              spellCheck={false}
              value={draft[name]}
              onChange={event => set({ [name]: event.target.value })}
            />
          )
        }
      />
    );
  };
  const select = (
    label: string,
    value: string,
    choices: readonly (readonly [string, string])[],
    change: (value: string) => void,
  ) => (
    <Labelled
      label={label}
      render={field => (
        <select {...field} className="input" value={value} onChange={event => change(event.target.value)}>
          {choices.map(([key, word]) => (
            <option key={key} value={key}>
              {word}
            </option>
          ))}
        </select>
      )}
    />
  );
  const operations = own.find(one => one.name === draft.service)?.operations ?? [];
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={schedule ? t('changeTitle', { name: schedule.name }) : t('newTitle')}
      actions={
        <Button type="submit" form={id} look="main" disabled={save.isPending || typeof request === 'string'}>
          {t('save')}
        </Button>
      }
    >
      <form id={id} className="schedules-form" onSubmit={submit} noValidate>
        {text('name')}
        {text('cron', t('cronHint'))}
        {text('time_zone', t('time_zoneHint'))}
        {select(
          t('service'),
          draft.service,
          own.map(one => [one.name, one.name]),
          service => set({ service, operation: '' }),
        )}
        {select(
          t('operation'),
          draft.operation,
          [['', t('standard')], ...operations.map(one => [one.name, one.name] as const)],
          operation => set({ operation }),
        )}
        {select(
          t('sourceLabel'),
          draft.kind,
          [
            ['folder', t('folder')],
            ['ndjson', t('ndjson')],
            ['body', t('body')],
          ],
          kind => set({ kind: kind as SourceKind }),
        )}
        {draft.kind === 'body' ? text('items', t('itemsHint')) : text('path', t('pathHint'))}
        {draft.kind === 'folder' && text('types', t('typesHint'))}
        {draft.kind === 'folder' && (
          <label className="row">
            <input
              type="checkbox"
              checked={draft.onlyChanged}
              onChange={event => set({ onlyChanged: event.target.checked })}
            />
            {t('only')}
          </label>
        )}
        {select(
          t('overlap'),
          draft.overlap,
          [
            ['skip', t('skip')],
            ['queue', t('queue')],
          ],
          overlap => set({ overlap: overlap as Draft['overlap'] }),
        )}
        {text('config', t('configHint'))}
      </form>
      {save.isError && <Refusal error={save.error} fields={refusable} />}
    </Dialog>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  readonly render: (field: { id: string; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode;
}

function Labelled({ label, hint, fault, render }: LabelledProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {render({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': `${id}-hint` })}
      <p id={`${id}-hint`} className={fault ? 'fault' : 'quiet'}>
        {fault ?? hint}
      </p>
    </div>
  );
}
