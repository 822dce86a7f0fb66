import { Link } from '@tanstack/react-router';
import { useTexts } from '../texts/texts';
import type { RailPage } from './pages';
import { shell } from './shell.texts';

export function RailLink({ page, onClick }: { readonly page: RailPage; readonly onClick?: () => void }) {
  const t = useTexts(shell);
  const Icon = page.icon;
  return (
    <li>
      <Link
        to={page.path}
        className="rail-link"
        activeOptions={{ exact: page.path === '/', includeSearch: false }}
        onClick={onClick}
      >
        <Icon size={18} aria-hidden />
        <span>{t(page.label)}</span>
      </Link>
    </li>
  );
}
