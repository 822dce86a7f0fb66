import { Dialog } from '../parts/Dialog';
import { useTexts } from '../texts/texts';
import { useMe } from './me';
import { offeredPages } from './pages';
import { shell } from './shell.texts';

export default function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(shell);
  const pages = offeredPages(useMe());
  const keys: readonly (readonly [string, string])[] = [
    ['Ctrl K', t('keysPalette')],
    ['/', t('keysFilter')],
    ['j k', t('keysMove')],
    ['Enter', t('keysOpen')],
    ['x', t('keysSelect')],
    ['e', t('keysRetry')],
    ['p', t('keysPause')],
    ['y n', t('keysJudge')],
    ['?', t('keysHelp')],
    ...pages.map(page => [`g ${page.key}`, t('keysGo', { page: t(page.label) })] as const),
  ];
  return (
    <Dialog open onClose={onClose} title={t('keys')}>
      <dl className="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
