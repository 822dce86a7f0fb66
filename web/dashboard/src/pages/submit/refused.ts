import type { StashError } from '@stashai/client';

/** What the server says of an item that it refuses. Items begin at 1, as people count; the field is empty for the item itself. */
export interface RefusedItem {
  readonly item: number;
  readonly field: string;
  readonly reason: string;
}

/** The items of a refused submit; nothing where the refusal is about something else as well, which its own words say. */
export function refusedItems(errors: StashError['errors']): RefusedItem[] {
  const found = errors.flatMap(({ field, item, reason }) => {
    const place = /^items?\[(\d+)\]\.?(.*)$/.exec(field ?? '');
    const index = place ? Number(place[1]) : (item ?? undefined);
    return index === undefined ? [] : [{ item: index + 1, field: place ? place[2]! : (field ?? ''), reason }];
  });
  return found.length === errors.length ? found : [];
}
