import { Dialog } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { useWhenReady } from '../steady/useWhenReady';
import { useTexts } from '../texts/texts';
import { useMe } from './me';
import { offeredPages } from './pages';
import { shell } from './shell.texts';
import { type Found, useFound } from './useFound';

interface Choice {
  readonly key: string;
  readonly name: string;
  /** What it is, where the name does not say it. */
  readonly kind?: string;
  readonly isPage?: boolean;
  readonly act: () => void;
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Everything by its name: pages, people, services, schedules and jobs, and the job or task of an id. */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(shell);
  return (
    <Dialog.Root open onOpenChange={next => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="dialog palette">
          <Dialog.Title className="only-read-aloud">{t('keysPalette')}</Dialog.Title>
          <Search onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(shell);
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { choices, isWhole } = useChoices(text.trim());
  const shown = Math.min(at, Math.max(0, choices.length - 1));
  const run = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.act();
  };
  // Pages come first, whatever is found; of other things a better one may come.
  const runShown = useWhenReady(isWhole || choices[shown]?.isPage === true, text, () => run(choices[shown]));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(choices.length - 1, shown + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, shown - 1));
    else if (event.key === 'Enter') runShown();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        className="input palette-input"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={choices.length > 0 ? `${id}-${shown}` : undefined}
        aria-label={t('palette')}
        placeholder={t('palette')}
        autoComplete="off"
        value={text}
        onChange={event => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={t('palette')} className="palette-list">
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
          <div
            key={choice.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === shown}
            className="menu-item"
            onClick={() => run(choice)}
          >
            <span className="cut">{choice.name}</span>
            {choice.kind && <span className="quiet palette-kind">{choice.kind}</span>}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className="quiet">{t('paletteNone')}</p>}
      <p className="quiet palette-scope">{t('paletteScope')}</p>
    </>
  );
}

const kinds = {
  person: 'palettePerson',
  service: 'paletteService',
  schedule: 'paletteSchedule',
  job: 'paletteOneJob',
} as const;

function useChoices(text: string): { readonly choices: readonly Choice[]; readonly isWhole: boolean } {
  const t = useTexts(shell);
  const navigate = useNavigate();
  const me = useMe();
  const { found, isWhole } = useFound(text);
  const word = text.toLowerCase();
  const open = ({ kind, id }: Found) => {
    if (kind === 'person') void navigate({ to: '/people/$personId', params: { personId: id } });
    else if (kind === 'service') void navigate({ to: '/services/$service', params: { service: id } });
    else if (kind === 'schedule') void navigate({ to: '/schedules', search: { history: id } });
    else void navigate({ to: '/jobs/$jobId', params: { jobId: id } });
  };
  const choices: Choice[] = offeredPages(me)
    .map(page => ({ key: page.path, name: t(page.label), isPage: true, act: () => void navigate({ to: page.path }) }))
    .filter(choice => choice.name.toLowerCase().includes(word));
  choices.push(
    ...found.map(one => ({
      key: `${one.kind} ${one.id}`,
      name: one.name,
      kind: t(kinds[one.kind]),
      act: () => open(one),
    })),
  );
  if (idPattern.test(text)) {
    choices.push(
      {
        key: 'job',
        name: t('paletteJob', { id: text }),
        act: () => void navigate({ to: '/jobs/$jobId', params: { jobId: text } }),
      },
      {
        key: 'task',
        name: t('paletteTask', { id: text }),
        act: () => void navigate({ to: '/tasks/$taskId', params: { taskId: text } }),
      },
    );
  } else if (text !== '') {
    choices.push({
      key: 'jobs',
      name: t('paletteSearch', { name: text }),
      act: () => void navigate({ to: '/jobs', search: { name: text } }),
    });
  }
  return { choices, isWhole };
}
