import { AddressHelp } from '../../schema/AddressHelp';
import { privateAddressOf } from '../../schema/privateAddress';
import { labelOf } from '../../schema/schema';
import { useTexts } from '../../texts/texts';
import type { RefusedItem } from './refused';
import { submitTexts } from './texts';

/** At most so many are listed. */
const most = 20;

/** The items that the server refuses, and why. */
export function RefusedItems({ items }: { readonly items: readonly RefusedItem[] }) {
  const t = useTexts(submitTexts);
  const [atHome] = items.flatMap(({ reason }) => privateAddressOf(reason) ?? []);
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
      {atHome && <AddressHelp at={atHome} />}
    </div>
  );
}
