import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { useWhenReady } from '../../steady/useWhenReady';
import { useTexts } from '../../texts/texts';
import { FaceImage } from './Faces';
import { personPicture } from './pictures';
import { peopleQueries } from './queries';
import { peopleTexts } from './texts';

/** Somebody of the gallery, or a name that is new there. */
export type Chosen = { readonly id: string; readonly name: string } | { readonly id?: never; readonly name: string };

interface PersonFieldProps {
  readonly label: string;
  readonly onChoose: (person: Chosen) => void;
  /** Whether a name that nobody has may be chosen. */
  readonly mayBeNew?: boolean;
  /** Who is not offered. */
  readonly without?: readonly string[];
  readonly disabled?: boolean;
}

/** Finds a person by name, with the keyboard alone if one likes; a name that nobody has is a new person. */
export function PersonField({ label, onChoose, mayBeNew = true, without = [], disabled = false }: PersonFieldProps) {
  const t = useTexts(peopleTexts);
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const name = text.trim();
  const people = useQuery({ ...peopleQueries.named(name), placeholderData: keepPreviousData });
  const same = (other: string) => other.toLocaleLowerCase() === name.toLocaleLowerCase();
  const known = (people.data?.data ?? []).filter(person => !without.includes(person.id));
  const sorted = [...known].sort((a, b) => Number(same(b.name)) - Number(same(a.name)));
  const isNew = mayBeNew && name !== '' && !known.some(person => same(person.name));
  const choices: readonly Chosen[] = [...(isNew ? [{ name }] : []), ...sorted];
  const shown = Math.min(at, Math.max(0, choices.length - 1));
  // What stands there may still be the answer to an earlier text.
  const choose = useWhenReady(!people.isFetching, name, () => {
    const choice = choices[shown];
    if (choice && !disabled) onChoose(choice);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(choices.length - 1, shown + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, shown - 1));
    else if (event.key === 'Enter') choose();
    else return;
    event.preventDefault();
  };
  return (
    <div className="people-choose">
      <input
        className="input"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={choices.length > 0 ? `${id}-${shown}` : undefined}
        aria-label={label}
        placeholder={t('typeName')}
        autoComplete="off"
        disabled={disabled}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} className="people-choices">
        {choices.map((choice, index) => (
          <button
            key={choice.id ?? ''}
            type="button"
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === shown}
            tabIndex={-1}
            disabled={disabled}
            onClick={() => onChoose(choice)}
          >
            {choice.id && <FaceImage src={personPicture(choice.id)} name={choice.name} className="people-small" />}
            <span className="cut">{choice.id ? choice.name : t('newPerson', { name: choice.name })}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
