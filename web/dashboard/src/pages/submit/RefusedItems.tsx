import { labelOf } from '../../schema/schema';
import { useTexts } from '../../texts/texts';
import type { RefusedItem } from './refused';
import { submitTexts } from './texts';

/** At most so many are listed. */
const most = 20;

/** The items that the server refuses, and why. */
export function RefusedItems({ items }: { readonly items: readonly RefusedItem[] }) {
  const t = useTexts(submitTexts);
  return (
    <div className="fault" role="alert">
      <p>{t('refused')}</p>
      <ul>
        {items.slice(0, most).map(({ item: number, field, reason }) => {
          const item = String(number);
          return (
            <li key={`${item} ${field} ${reason}`}>
              {field === ''
                ? t('itemFaultOf', { item, reason })
                : t('itemFault', { item, field: labelOf(field), reason })}
            </li>
          );
        })}
      </ul>
      {items.length > most && <p>{t('andMore', { count: items.length - most })}</p>}
    </div>
  );
}
