import { TriangleAlert } from 'lucide-react';
import { useTexts } from '../../texts/texts';
import { facesTexts } from './texts';

/** Says that the file of a photo is cut off, in a word or in whole sentences. */
export function CutOff({ isWhole = false }: { readonly isWhole?: boolean }) {
  const t = useTexts(facesTexts);
  return (
    <span className="faces-cut" title={t('cutOffText')}>
      <TriangleAlert size={14} aria-hidden /> {t(isWhole ? 'cutOffText' : 'cutOff')}
    </span>
  );
}
