import { Columns3 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { whenIdle } from './whenIdle';

export interface ColumnsMenuProps {
  readonly label: string;
  readonly choices: readonly { readonly key: string; readonly title: string; readonly isShown: boolean }[];
  readonly onToggle: (key: string, isShown: boolean) => void;
}

const ColumnsPopup = whenIdle(() => import('./ColumnsPopup'));

/** Which columns a table shows: a button, behind it a menu. */
export function ColumnsMenu(props: ColumnsMenuProps) {
  const [isAsked, setAsked] = useState(false);
  const name = (
    <>
      <Columns3 size={16} aria-hidden />
      {props.label}
    </>
  );
  const button = (
    <button type="button" className="button button-plain" aria-haspopup="menu" onClick={() => setAsked(true)}>
      {name}
    </button>
  );
  if (!isAsked) return button;
  return (
    <Suspense fallback={button}>
      <ColumnsPopup {...props}>{name}</ColumnsPopup>
    </Suspense>
  );
}
