import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { client } from '../api/client';
import { queryClient } from '../api/queries';
import { sayFailure } from '../parts/toasts';
import { chooseLanguage, type Language, language, languages } from '../texts/language';
import { useTexts } from '../texts/texts';
import { useMe } from './me';
import { shell } from './shell.texts';
import { rowHeights, rows, theme, themes } from './theme';

const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** How the page looks, and the way out. Loaded when somebody opens it. */
export default function AccountMenu({ children }: { readonly children: ReactNode }) {
  const t = useTexts(shell);
  const place = useRef<HTMLDivElement>(null);
  const me = useMe();
  const chosen = theme.use();
  const height = rows.use();
  const logout = async () => {
    try {
      await client.logout();
      queryClient.clear();
      location.reload();
    } catch (error) {
      sayFailure(t('logout'), error);
    }
  };
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="rail-link">{children}</Menu.Trigger>
      {/* Within the navigation, so that it belongs to a landmark. */}
      <div ref={place} className="menu-home" />
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-place" positionMethod="fixed" side="top" align="start" sideOffset={4}>
          <Menu.Popup className="menu">
            <Choice label={t('theme')} choices={themes} chosen={chosen} onChoose={theme.choose} name={one => t(one)} />
            <Choice
              label={t('rows')}
              choices={rowHeights}
              chosen={height}
              onChoose={rows.choose}
              name={one => t(one)}
            />
            <Choice
              label={t('language')}
              choices={languages}
              chosen={language()}
              onChoose={chooseLanguage}
              name={one => languageNames[one]}
            />
            {me.access === 'login' && (
              <Menu.Item className="menu-item" onClick={() => void logout()}>
                {t('logout')}
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface ChoiceProps<Word extends string> {
  readonly label: string;
  readonly choices: readonly Word[];
  readonly chosen: Word;
  readonly onChoose: (word: Word) => void;
  readonly name: (word: Word) => string;
}

function Choice<Word extends string>({ label, choices, chosen, onChoose, name }: ChoiceProps<Word>) {
  return (
    <Menu.Group>
      <Menu.GroupLabel className="menu-label">{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={chosen} onValueChange={value => onChoose(value as Word)}>
        {choices.map(one => (
          <Menu.RadioItem key={one} value={one} className="menu-item" closeOnClick={false}>
            <Menu.RadioItemIndicator className="menu-check" keepMounted>
              <Check size={14} aria-hidden />
            </Menu.RadioItemIndicator>
            {name(one)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}
