import { ChevronDown, ImagePlus, type LucideIcon, Merge, Pencil, Trash2 } from 'lucide-react';
import { useMay } from '../../app/me';
import { Button } from '../../parts';
import { MenuButton } from '../../parts/MenuButton';
import { lazyPart } from '../../parts/patient';
import { useNarrow } from '../../parts/useNarrow';
import { useTexts } from '../../texts/texts';
import { personTexts } from './texts';

const PersonMenu = lazyPart(() => import('./PersonMenu'));

export type PersonAct = 'add' | 'rename' | 'merge' | 'delete';

export interface ShownAct {
  readonly act: PersonAct;
  readonly icon: LucideIcon;
  readonly text: string;
}

/** What can be done with a person; on a phone behind one button, so that the photos begin further up. */
export function PersonActs({ onAct }: { readonly onAct: (act: PersonAct) => void }) {
  const t = useTexts(personTexts);
  const maySubmit = useMay('submit');
  const mayOperate = useMay('operate');
  const isNarrow = useNarrow();
  const acts: readonly ShownAct[] = [
    ...(maySubmit ? [{ act: 'add', icon: ImagePlus, text: t('addPhotos') } as const] : []),
    ...(mayOperate
      ? [
          { act: 'rename', icon: Pencil, text: t('rename') } as const,
          { act: 'merge', icon: Merge, text: t('merge') } as const,
          { act: 'delete', icon: Trash2, text: t('delete') } as const,
        ]
      : []),
  ];
  if (!isNarrow || acts.length < 2)
    return acts.map(({ act, icon, text }) => (
      <Button key={act} icon={icon} look={act === 'delete' ? 'danger' : 'plain'} onClick={() => onAct(act)}>
        {text}
      </Button>
    ));
  const name = (
    <>
      {t('acts')}
      <ChevronDown size={16} aria-hidden />
    </>
  );
  return (
    <MenuButton name={name}>
      <PersonMenu acts={acts} onAct={onAct}>
        {name}
      </PersonMenu>
    </MenuButton>
  );
}
