import { useState } from 'react';
import { formatBytes } from '../format/bytes';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';

/** More than this makes a page slow, and nobody reads it. */
const shownAtFirst = 100_000;

interface LongTextProps {
  readonly text: string;
  readonly className?: string;
}

/** Text in its own lines, such as JSON: of a very long one the beginning, until somebody asks for all of it. Keys scroll it. */
export function LongText({ text, className }: LongTextProps) {
  const t = useTexts(words);
  const [isWhole, setWhole] = useState(false);
  const isCut = text.length > shownAtFirst && !isWhole;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre className={className} tabIndex={0}>
        {isCut ? `${text.slice(0, shownAtFirst)}…` : text}
      </pre>
      {isCut && <Button onClick={() => setWhole(true)}>{t('showWhole', { size: formatBytes(text.length) })}</Button>}
    </>
  );
}
