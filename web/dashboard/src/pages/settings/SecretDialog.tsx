import { Button, Copyable } from '../../parts';
import { Dialog } from '../../parts/Dialog';
import { useTexts } from '../../texts/texts';
import { webhookTexts } from './webhooks.texts';

interface SecretDialogProps {
  readonly name: string;
  readonly secret: string;
  readonly text: string;
  readonly onClose: () => void;
}

/** Shows the secret of a webhook, this once. */
export default function SecretDialog({ name, secret, text, onClose }: SecretDialogProps) {
  const t = useTexts(webhookTexts);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('made', { name })}
      text={text}
      actions={
        <Button look="main" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <Copyable text={secret}>
        <code className="settings-key">{secret}</code>
      </Copyable>
    </Dialog>
  );
}
