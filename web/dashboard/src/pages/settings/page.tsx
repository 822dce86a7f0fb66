import { useFeature, useMay } from '../../app/me';
import { PageHeader } from '../../parts';
import { useTexts } from '../../texts/texts';
import { Backup } from './Backup';
import { Keys } from './Keys';
import { Nodes } from './Nodes';
import { Server } from './Server';
import './settings.css';
import { settingsTexts } from './texts';
import { View } from './View';
import { Webhooks } from './Webhooks';
import { You } from './You';

/** Who may do what, what runs where and how well, and how the page looks. */
export default function SettingsPage() {
  const t = useTexts(settingsTexts);
  const hasKeys = useFeature('keys');
  const hasNodes = useFeature('nodes');
  const hasWebhooks = useFeature('webhooks');
  const isAdmin = useMay('admin');
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="stack">
        <div className="settings-halves">
          <You />
          <View />
        </div>
        {hasKeys && isAdmin && <Keys />}
        {hasWebhooks && isAdmin && <Webhooks />}
        <Server />
        <Backup />
        {hasNodes && <Nodes />}
      </div>
    </>
  );
}
