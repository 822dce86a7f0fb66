/** The query of an address as the dashboard has it: names and plain texts, nothing encoded in them. */
export type Search = Record<string, string | undefined>;

/** Reads a query; of a name that stands there twice the last counts. */
export function parseSearch(query: string): Search {
  return Object.fromEntries(new URLSearchParams(query));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const members = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const query = new URLSearchParams(members.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}
