/** A filter as the API and the address of a page have it: names and texts. */
export type Filter = Record<string, string>;

export interface FilterRule {
  /** The words that may be written before a colon: those of the API. */
  readonly names: readonly string[];
  /** The name that text without a colon belongs to. */
  readonly text: string;
}

export interface FilterFault {
  /** Where in the text the word begins. */
  readonly at: number;
  readonly name: string;
  /** The nearest known name, if one is near. */
  readonly meant: string | undefined;
}

export interface ParsedFilter {
  readonly filter: Filter;
  readonly faults: readonly FilterFault[];
}

const word = /(?:([A-Za-z_]+):)?("(?:[^"\\]|\\.)*"?|[^\s"]+)/gy;

/** Reads `state:failed service:visage name:"two words" rest`. A name that is written twice keeps both values, with a comma. */
export function parseFilter(text: string, rule: FilterRule): ParsedFilter {
  const filter: Filter = {};
  const faults: FilterFault[] = [];
  const loose: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(text);
    const begin = at;
    at = found ? word.lastIndex : at + 1;
    if (!found) continue;
    const [, name, raw] = found;
    const value = unquote(raw!);
    if (name === undefined) {
      // Somebody is still typing the value.
      if (!rule.names.some(known => raw!.toLowerCase() === `${known}:`)) loose.push(value);
    } else if (!rule.names.includes(name.toLowerCase())) {
      faults.push({ at: begin, name, meant: nearest(name.toLowerCase(), rule.names) });
    } else if (value !== '') {
      const known = name.toLowerCase();
      filter[known] = filter[known] === undefined ? value : `${filter[known]},${value}`;
    }
  }
  if (loose.length > 0)
    filter[rule.text] = filter[rule.text] ? `${filter[rule.text]} ${loose.join(' ')}` : loose.join(' ');
  return { filter, faults };
}

/** Writes a filter as {@link parseFilter} reads it. */
export function writeFilter(filter: Filter, rule: FilterRule): string {
  return rule.names
    .filter(name => filter[name] !== undefined && filter[name] !== '')
    .map(name => `${name}:${quote(filter[name]!)}`)
    .join(' ');
}

/** The members of a page's address that are filters. */
export function pickFilter(search: Record<string, string | undefined>, rule: FilterRule): Filter {
  const filter: Filter = {};
  for (const name of rule.names) if (search[name]) filter[name] = search[name];
  return filter;
}

function quote(value: string): string {
  return /[\s"\\]/.test(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value;
}

function unquote(raw: string): string {
  if (!raw.startsWith('"')) return raw;
  const closed = raw.length > 1 && /(?:^|[^\\])(?:\\\\)*"$/.test(raw.slice(1));
  return raw.slice(1, closed ? -1 : undefined).replace(/\\(.)/g, '$1');
}

function nearest(name: string, names: readonly string[]): string | undefined {
  const [best, distance] = names.reduce<[string | undefined, number]>(
    (found, one) => {
      const far = editDistance(name, one);
      return far < found[1] ? [one, far] : found;
    },
    [undefined, Number.POSITIVE_INFINITY],
  );
  return distance <= Math.max(1, Math.floor(name.length / 3)) ? best : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
