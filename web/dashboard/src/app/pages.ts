import {
  Activity,
  CalendarClock,
  Gauge,
  ListChecks,
  type LucideIcon,
  MousePointerClick,
  Plug,
  Settings,
  Upload,
  Users,
} from 'lucide-react';
import { roleIncludes } from '../api/roles';
import type { Me, Role } from '../api/types';
import type { shell } from './shell.texts';

type ShellKey = keyof typeof shell.en;

/** A page of the rail. */
export interface RailPage {
  readonly path:
    | '/'
    | '/jobs'
    | '/services'
    | '/submit'
    | '/people'
    | '/sessions'
    | '/schedules'
    | '/activity'
    | '/settings';
  readonly label: ShellKey;
  readonly icon: LucideIcon;
  /** The key after `g`. */
  readonly key: string;
  /** Hidden from lower roles. */
  readonly needs?: Role;
  /** Hidden where the server lacks the feature (`GET /api/me`). */
  readonly feature?: string;
}

/** The pages of the rail in their order. On a narrow screen the first four are at the bottom, the others behind "More". */
export const railPages: readonly RailPage[] = [
  { path: '/', label: 'overview', icon: Gauge, key: 'o' },
  { path: '/jobs', label: 'jobs', icon: ListChecks, key: 'j' },
  { path: '/submit', label: 'submit', icon: Upload, key: 'n', needs: 'submit' },
  { path: '/people', label: 'people', icon: Users, key: 'p', feature: 'people' },
  { path: '/services', label: 'services', icon: Plug, key: 's' },
  { path: '/schedules', label: 'schedules', icon: CalendarClock, key: 'c', feature: 'schedules' },
  { path: '/sessions', label: 'sessions', icon: MousePointerClick, key: 'i' },
  { path: '/activity', label: 'activity', icon: Activity, key: 'a', feature: 'bulk' },
  { path: '/settings', label: 'settings', icon: Settings, key: 'e' },
];

/** The pages that somebody may use, on a server that has them. */
export function offeredPages(me: Pick<Me, 'role' | 'features'>): readonly RailPage[] {
  return railPages.filter(
    page => (!page.needs || roleIncludes(me.role, page.needs)) && (!page.feature || me.features.includes(page.feature)),
  );
}
