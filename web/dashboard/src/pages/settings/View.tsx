import { useSyncExternalStore } from 'react';
import { rowHeights, rows, theme, themes } from '../../app/theme';
import { Panel, Segmented } from '../../parts';
import { chooseLanguage, language, languages, onLanguageChange } from '../../texts/language';
import { useTexts } from '../../texts/texts';
import { settingsTexts } from './texts';

const languageNames = { en: 'English', de: 'Deutsch' } as const;

/** How the page looks; this browser keeps it. */
export function View() {
  const t = useTexts(settingsTexts);
  const chosen = useSyncExternalStore(onLanguageChange, language);
  return (
    <Panel title={t('view')}>
      <dl className="settings-facts settings-choices">
        <dt>{t('theme')}</dt>
        <dd>
          <Segmented
            label={t('theme')}
            choices={themes}
            chosen={theme.use()}
            onChoose={theme.choose}
            name={one => t(one)}
          />
        </dd>
        <dt>{t('rows')}</dt>
        <dd>
          <Segmented
            label={t('rows')}
            choices={rowHeights}
            chosen={rows.use()}
            onChoose={rows.choose}
            name={one => t(one)}
          />
        </dd>
        <dt>{t('language')}</dt>
        <dd>
          <Segmented
            label={t('language')}
            choices={languages}
            chosen={chosen}
            onChoose={chooseLanguage}
            name={one => languageNames[one]}
          />
        </dd>
      </dl>
      <p className="quiet">{t('keptHere')}</p>
    </Panel>
  );
}
