import { ChevronDown } from 'lucide-react';
import type { JobDetail, Schemas } from '../../api/types';
import { MenuButton } from '../../parts/MenuButton';
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
  const name = (
    <>
      {t('more')}
      <ChevronDown size={16} aria-hidden />
    </>
  );
  return (
    <MenuButton name={name} label={t('moreOfJob')}>
      <MoreActs {...props}>{name}</MoreActs>
    </MenuButton>
  );
}
