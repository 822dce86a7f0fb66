import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../texts/texts';
import { words } from '../texts/words.texts';
import { Button } from './Button';
import { copyText } from './copyText';

interface CopyableProps {
  /** What is copied. */
  readonly text: string;
  /** What is shown before the button: a link, or the text in a short form. */
  readonly children?: ReactNode;
}

/** Something with a button that copies it: ids, commands, addresses. */
export function Copyable({ text, children }: CopyableProps) {
  const t = useTexts(words);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    setCopied(await copyText(text));
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span className="copyable">
      {children}
      <Button
        look="quiet"
        icon={isCopied ? Check : Copy}
        label={isCopied ? t('copied') : t('copy')}
        onClick={() => void copy()}
      />
    </span>
  );
}
