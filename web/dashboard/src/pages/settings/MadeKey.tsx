import { useNavigate } from '@tanstack/react-router';
import { Button, Copyable } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import { type ShownKey, showKey } from './shownKey';
import './settings.css';
import { settingsTexts } from './texts';

/** A new key, this once. */
export default function MadeKey({ made }: { readonly made: ShownKey }) {
  const t = useTexts(settingsTexts);
  const navigate = useNavigate();
  const close = () => showKey(undefined);
  return (
    <Dialog
      open
      onClose={close}
      title={t('made', { name: made.name })}
      text={t('madeText')}
      actions={
        <>
          {made.isFirst && (
            <Button
              onClick={() => {
                close();
                void navigate({ to: '/settings', search: { make: 'key' } });
              }}
            >
              {t('nextKey')}
            </Button>
          )}
          <Button look="main" onClick={close}>
            {t('done')}
          </Button>
        </>
      }
    >
      <Copyable text={made.key}>
        <code className="settings-key">{made.key}</code>
      </Copyable>
      {made.isFirst && <p>{t('nextKeyText')}</p>}
    </Dialog>
  );
}
