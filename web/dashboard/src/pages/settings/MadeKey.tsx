import { Button, Copyable } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import type { CreatedKey } from './queries';
import { showKey } from './shownKey';
import './settings.css';
import { settingsTexts } from './texts';

/** A new key, this once. */
export default function MadeKey({ made }: { readonly made: CreatedKey }) {
  const t = useTexts(settingsTexts);
  const close = () => showKey(undefined);
  return (
    <Dialog
      open
      onClose={close}
      title={t('made', { name: made.name })}
      text={t('madeText')}
      actions={
        <Button look="main" onClick={close}>
          {t('done')}
        </Button>
      }
    >
      <Copyable text={made.key}>
        <code className="settings-key">{made.key}</code>
      </Copyable>
    </Dialog>
  );
}
