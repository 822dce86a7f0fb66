import { type ReactNode, useId } from 'react';
import { Guarded } from './Guarded';
import { Broken } from './States';

interface PanelProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a heading. */
export function Panel({ title, actions, children }: PanelProps) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      <Guarded of={children} fallback={again => <Broken again={again} />}>
        {children}
      </Guarded>
    </section>
  );
}
