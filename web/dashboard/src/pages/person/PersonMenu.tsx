import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { MenuBox } from '../../parts/MenuBox';
import type { PersonAct, ShownAct } from './PersonActs';

interface PersonMenuProps {
  readonly acts: readonly ShownAct[];
  readonly onAct: (act: PersonAct) => void;
  readonly children: ReactNode;
}

/** The acts one below the other. Loaded when somebody opens them. */
export default function PersonMenu({ acts, onAct, children }: PersonMenuProps) {
  return (
    <MenuBox name={children} align="start">
      {acts.map(({ act, icon: Icon, text }) => (
        <Menu.Item key={act} className={act === 'delete' ? 'menu-item fault' : 'menu-item'} onClick={() => onAct(act)}>
          <Icon size={16} aria-hidden /> {text}
        </Menu.Item>
      ))}
    </MenuBox>
  );
}
