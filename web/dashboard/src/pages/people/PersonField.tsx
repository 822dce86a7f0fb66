import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { useWhenReady } from '../../steady/useWhenReady';
import { useTexts } from '../../texts/texts';
import { FaceImage } from './Faces';
import { personPicture, pictureById } from './pictures';
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
  /** Whom the face is like, the likest first: they are offered first. */
  readonly like?: readonly { readonly id: string; readonly name: string }[];
  readonly disabled?: boolean;
}

/**
 * Finds a person by name, with the keyboard alone if one likes; a name that nobody has is a new person. Nobody is chosen before something is
 * typed or an arrow goes to somebody, and whom an arrow went to stays chosen wherever the list puts them.
 */
export function PersonField(props: PersonFieldProps) {
  const { label, onChoose, mayBeNew = true, without = [], like = [], disabled = false } = props;
  const t = useTexts(peopleTexts);
  const id = useId();
  const [text, setText] = useState('');
  /** Whom an arrow went to, by id; the new person's is empty. */
  const [gone, setGone] = useState<string>();
  const name = text.trim();
  const people = useQuery({ ...peopleQueries.named(name), placeholderData: keepPreviousData });
  const choices = choicesOf(name, people.data?.data ?? [], like, without, mayBeNew);
  const shown = gone !== undefined ? choices.findIndex(one => (one.id ?? '') === gone) : name === '' ? -1 : 0;
  const pictures = new Map(people.data?.data.map(person => [person.id, personPicture(person)]));
  // What stands there may still be the answer to an earlier text.
  const choose = useWhenReady(!people.isFetching, name, () => {
    const choice = choices[shown];
    if (choice && !disabled) onChoose(choice);
  });
  const go = (to: number) => setGone(choices[Math.max(0, Math.min(choices.length - 1, to))]?.id ?? '');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') go(shown + 1);
    else if (event.key === 'ArrowUp') go(shown < 0 ? choices.length - 1 : shown - 1);
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
        aria-activedescendant={choices[shown] ? `${id}-${shown}` : undefined}
        aria-label={label}
        placeholder={t('typeName')}
        autoComplete="off"
        disabled={disabled}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setGone(undefined);
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
            {choice.id && (
              <FaceImage
                src={pictures.get(choice.id) ?? pictureById(choice.id)}
                name={choice.name}
                className="people-small"
              />
            )}
            <span className="cut">{choice.id ? choice.name : t('newPerson', { name: choice.name })}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** A name that is new, then who has exactly this name, then who is like the face, then the others by name. */
function choicesOf(
  name: string,
  listed: readonly { readonly id: string; readonly name: string }[],
  like: readonly { readonly id: string; readonly name: string }[],
  without: readonly string[],
  mayBeNew: boolean,
): readonly Chosen[] {
  const same = (other: string) => other.toLocaleLowerCase() === name.toLocaleLowerCase();
  const isNew = mayBeNew && name !== '' && !listed.some(person => same(person.name));
  const found = new Set(listed.map(person => person.id));
  // Before anything is typed, those who are like the face are offered wherever the alphabet has them.
  const first = like.filter(person => name === '' || found.has(person.id));
  const known = [...first, ...listed.filter(person => !first.some(one => one.id === person.id))].filter(
    person => !without.includes(person.id),
  );
  const sorted = known
    .map(({ id, name: own }) => ({ id, name: own }))
    .sort((a, b) => Number(same(b.name)) - Number(same(a.name)));
  return [...(isNew ? [{ name }] : []), ...sorted];
}
