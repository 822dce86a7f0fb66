import { StashError } from '@stashai/client';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { dashboardPath } from '../api/base';
import { patient } from '../parts/patient';
import { Failure, Loading } from '../parts/States';
import { Crashed } from './Crashed';
import { Missing } from './Missing';
import { Shell } from './Shell';
import { parseSearch, type Search, stringifySearch } from './search';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: Missing,
  validateSearch: (search): Search => search as Search,
});

const at = <const Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(patient(load)) });

// A page is loaded when somebody goes there; links to it load it ahead, on hover.
const routes = root.addChildren([
  at('/', () => import('../pages/overview/page')),
  at('/begin', () => import('../pages/begin/page')),
  at('/jobs', () => import('../pages/jobs/page')),
  at('/jobs/$jobId', () => import('../pages/job/page')),
  at('/jobs/$jobId/unknown', () => import('../pages/unknown/page')),
  at('/tasks', () => import('../pages/tasks/page')),
  at('/tasks/$taskId', () => import('../pages/task/page')),
  at('/services', () => import('../pages/services/page')),
  at('/services/$service', () => import('../pages/service/page')),
  at('/submit', () => import('../pages/submit/page')),
  at('/people', () => import('../pages/people/page')),
  at('/people/$personId', () => import('../pages/person/page')),
  at('/schedules', () => import('../pages/schedules/page')),
  at('/sessions', () => import('../pages/sessions/page')),
  at('/activity', () => import('../pages/activity/page')),
  at('/settings', () => import('../pages/settings/page')),
]);

export function startRouter() {
  // The overview is also at the address of the server itself.
  if (location.pathname !== dashboardPath() && !location.pathname.startsWith(`${dashboardPath()}/`)) {
    history.replaceState(history.state, '', dashboardPath() + location.search + location.hash);
  }
  return createRouter({
    routeTree: routes,
    basepath: dashboardPath(),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error }) => (error instanceof StashError ? <Failure error={error} /> : <Crashed />),
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof startRouter>;
  }
}
