import { Menu } from '@base-ui/react/menu';
import { type ReactNode, useRef } from 'react';

interface MenuBoxProps {
  /** What its button shows. */
  readonly name: ReactNode;
  /** What is read aloud, where that is more. */
  readonly label?: string;
  readonly align?: 'start' | 'end';
  /** Its items. */
  readonly children: ReactNode;
}

/** A menu with its button, open from the first: it is loaded when somebody opens it. */
export function MenuBox({ name, label, align = 'end', children }: MenuBoxProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="button button-plain" aria-label={label}>
        {name}
      </Menu.Trigger>
      <div ref={place} className="menu-home" />
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-place" positionMethod="fixed" align={align} sideOffset={4}>
          <Menu.Popup className="menu">{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
