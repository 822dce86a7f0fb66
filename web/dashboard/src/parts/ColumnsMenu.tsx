import { Columns3 } from 'lucide-react';
import { MenuButton } from './MenuButton';
import { whenIdle } from './whenIdle';

export interface ColumnsMenuProps {
  readonly label: string;
  readonly choices: readonly { readonly key: string; readonly title: string; readonly isShown: boolean }[];
  readonly onToggle: (key: string, isShown: boolean) => void;
}

const ColumnsPopup = whenIdle(() => import('./ColumnsPopup'));

/** Which columns a table shows: a button, behind it a menu. */
export function ColumnsMenu(props: ColumnsMenuProps) {
  const name = (
    <>
      <Columns3 size={16} aria-hidden />
      {props.label}
    </>
  );
  return (
    <MenuButton name={name}>
      <ColumnsPopup {...props}>{name}</ColumnsPopup>
    </MenuButton>
  );
}
