import { Menu } from '@base-ui/react/menu';
import { type ReactNode, useRef } from 'react';
import type { PersonAct, ShownAct } from './PersonActs';

interface PersonMenuProps {
  readonly acts: readonly ShownAct[];
  readonly onAct: (act: PersonAct) => void;
  readonly children: ReactNode;
}

/** The acts one below the other. Loaded when somebody opens them. */
export default function PersonMenu({ acts, onAct, children }: PersonMenuProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="button button-plain">{children}</Menu.Trigger>
      <div ref={place} className="menu-home" />
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-place" positionMethod="fixed" align="start" sideOffset={4}>
          <Menu.Popup className="menu">
            {acts.map(({ act, icon: Icon, text }) => (
              <Menu.Item
                key={act}
                className={act === 'delete' ? 'menu-item fault' : 'menu-item'}
                onClick={() => onAct(act)}
              >
                <Icon size={16} aria-hidden /> {text}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
