import { Menu } from '@base-ui/react/menu';
import { Check, Columns3 } from 'lucide-react';
import { useRef } from 'react';

interface ColumnsMenuProps {
  readonly label: string;
  readonly choices: readonly { readonly key: string; readonly title: string; readonly isShown: boolean }[];
  readonly onToggle: (key: string, isShown: boolean) => void;
}

/** Which columns a table shows. */
export function ColumnsMenu({ label, choices, onToggle }: ColumnsMenuProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <Menu.Root>
      <Menu.Trigger className="button button-plain">
        <Columns3 size={16} aria-hidden />
        {label}
      </Menu.Trigger>
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
