import { NotBuilt } from '../../app/NotBuilt';

export default function SettingsPage() {
  return <NotBuilt page="settings" />;
}
