import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { dashboardPath } from '../api/base';
import { stringifySearch } from '../app/search';

type Place =
  | { readonly to: '/jobs/$jobId'; readonly params: { readonly jobId: string } }
  | { readonly to: '/tasks/$taskId'; readonly params: { readonly taskId: string } }
  | { readonly to: '/jobs'; readonly search: { readonly tag: string } };

type RowLinkProps = Place & { readonly title?: string; readonly className?: string; readonly children: ReactNode };

/**
 * A link in a row of a table. The router's own watches where the page is, to say whether it leads there, and has its address from all routes:
 * for the links of a whole table that is half of the time that its rows take.
 */
export function RowLink({ title, className, children, ...place }: RowLinkProps) {
  const router = useRouter();
  const onClick = (event: MouseEvent) => {
    // Another tab or window is the browser's own affair.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate(place);
  };
  const ahead = () => void router.preloadRoute(place).catch(() => undefined);
  return (
    <a
      href={hrefOf(place)}
      title={title}
      className={className}
      onClick={onClick}
      onMouseEnter={ahead}
      onTouchStart={ahead}
      onFocus={ahead}
    >
      {children}
    </a>
  );
}

function hrefOf(place: Place): string {
  if (place.to === '/jobs') return `${dashboardPath()}/jobs${stringifySearch(place.search)}`;
  const id = place.to === '/jobs/$jobId' ? place.params.jobId : place.params.taskId;
  return `${dashboardPath()}${place.to.replace(/\$\w+/, id)}`;
}
