/** Something that the palette found by its name. */
export interface Found {
  readonly kind: 'person' | 'service' | 'schedule' | 'job';
  readonly id: string;
  readonly name: string;
}

const most = 5;

/** Those whose names contain the word, in any case: names that begin with it first, and no more than a few. */
export function named(all: readonly Found[], word: string): readonly Found[] {
  const lower = word.toLowerCase();
  if (lower === '') return [];
  const placed = all.flatMap(one => {
    const at = one.name.toLowerCase().indexOf(lower);
    return at < 0 ? [] : [{ one, isInside: at > 0 }];
  });
  return placed
    .sort((a, b) => Number(a.isInside) - Number(b.isInside))
    .slice(0, most)
    .map(({ one }) => one);
}
