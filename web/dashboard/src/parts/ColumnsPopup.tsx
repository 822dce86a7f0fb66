import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ColumnsMenuProps } from './ColumnsMenu';
import { MenuBox } from './MenuBox';

/** The columns of a table, each with a check mark. Loaded when somebody may open it. */
export default function ColumnsPopup({
  choices,
  onToggle,
  children,
}: ColumnsMenuProps & { readonly children: ReactNode }) {
  return (
    <MenuBox name={children}>
      {choices.map(({ key, title, isShown }) => (
        <Menu.CheckboxItem
          key={key}
          className="menu-item"
          checked={isShown}
          onCheckedChange={next => onToggle(key, next)}
          closeOnClick={false}
        >
          <Menu.CheckboxItemIndicator className="menu-check" keepMounted>
            <Check size={14} aria-hidden />
          </Menu.CheckboxItemIndicator>
          {title}
        </Menu.CheckboxItem>
      ))}
    </MenuBox>
  );
}
