import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** Behind the title: a chip, a number. */
  readonly beside?: ReactNode;
  /** One line below. */
  readonly summary?: ReactNode;
  readonly actions?: ReactNode;
}

/** The heading of a page; also the title of the window. */
export function PageHeader({ title, beside, summary, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · StashAI Server`;
  }, [title]);
  return (
    <header className="page-header">
      <div className="page-title">
        <h1>{title}</h1>
        {beside}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
      {summary && <div className="page-summary quiet">{summary}</div>}
    </header>
  );
}
