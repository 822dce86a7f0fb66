import { ChevronDown } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { JobDetail, Schemas } from '../../api/types';
import { whenIdle } from '../../parts/whenIdle';
import { useTexts } from '../../texts/texts';
import { jobTexts } from './texts';

export interface MoreMenuProps {
  readonly job: JobDetail;
  readonly mayChange: boolean;
  readonly maySubmit: boolean;
  readonly onRerun: (only?: Schemas['RerunScope']) => void;
  readonly onRename: () => void;
  readonly onPriority: (priority: number) => void;
  readonly onDelete: () => void;
}

const MoreActs = whenIdle(() => import('./MoreActs'));

/** A button for the rarer acts: run again, rename, priority, export, open elsewhere, delete. */
export function MoreMenu(props: MoreMenuProps) {
  const t = useTexts(jobTexts);
  const [isAsked, setAsked] = useState(false);
  const name = (
    <>
      {t('more')}
      <ChevronDown size={16} aria-hidden />
    </>
  );
  const button = (
    <button
      type="button"
      className="button button-plain"
      aria-haspopup="menu"
      aria-label={t('moreOfJob')}
      onClick={() => setAsked(true)}
    >
      {name}
    </button>
  );
  if (!isAsked) return button;
  return (
    <Suspense fallback={button}>
      <MoreActs {...props}>{name}</MoreActs>
    </Suspense>
  );
}
