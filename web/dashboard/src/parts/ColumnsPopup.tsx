import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { ColumnsMenuProps } from './ColumnsMenu';

/** The columns of a table, each with a check mark. Loaded when somebody may open it. */
export default function ColumnsPopup({
  choices,
  onToggle,
  children,
}: ColumnsMenuProps & { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="button button-plain">{children}</Menu.Trigger>
      <div ref={place} className="menu-home" />
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-place" positionMethod="fixed" align="end" sideOffset={4}>
          <Menu.Popup className="menu">
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
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
