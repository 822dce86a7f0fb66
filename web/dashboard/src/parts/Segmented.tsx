import { useId } from 'react';

interface SegmentedProps<Word extends string> {
  /** What is chosen, for those who hear it. */
  readonly label: string;
  readonly choices: readonly Word[];
  readonly chosen: Word;
  readonly onChoose: (word: Word) => void;
  readonly name: (word: Word) => string;
}

/** A choice of a few words that stand side by side. */
export function Segmented<Word extends string>({ label, choices, chosen, onChoose, name }: SegmentedProps<Word>) {
  const id = useId();
  return (
    <fieldset className="segmented">
      <legend className="only-read-aloud">{label}</legend>
      {choices.map(one => (
        <label key={one}>
          <input type="radio" name={id} checked={one === chosen} onChange={() => onChoose(one)} />
          {name(one)}
        </label>
      ))}
    </fieldset>
  );
}
