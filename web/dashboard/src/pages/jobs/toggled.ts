/** A list of words in an address, such as `failed,partial`, with one added or taken away; undefined when none is left. */
export function toggled(words: string | undefined, word: string): string | undefined {
  const list = (words ?? '').split(',').filter(Boolean);
  const next = list.includes(word) ? list.filter(one => one !== word) : [...list, word];
  return next.length > 0 ? next.join(',') : undefined;
}
