import type { Interaction } from './queries';

/** What was done under one name, and how often in each part of the time. */
export interface ActionRow {
  readonly action: string;
  readonly count: number;
  readonly last: string;
  readonly parts: readonly number[];
}

export interface ActionTable {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly ActionRow[];
  /** The largest part of all rows, so that their bars compare. */
  readonly most: number;
}

/** Counts interactions, newest first, by action over the time that they span; the most frequent action first. */
export function actionsOf(interactions: readonly Interaction[], parts: number): ActionTable {
  const moments = interactions.map(one => Date.parse(one.timestamp));
  const from = moments.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const to = moments.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  if (interactions.length === 0) return { from: 0, to: 0, rows: [], most: 0 };
  const span = Math.max(1, to - from);
  const found = new Map<string, { count: number; last: string; parts: number[] }>();
  for (const [index, { action_type: action, timestamp }] of interactions.entries()) {
    const row = found.get(action) ?? { count: 0, last: timestamp, parts: new Array<number>(parts).fill(0) };
    const part = Math.min(parts - 1, Math.floor(((moments[index]! - from) / span) * parts));
    row.count++;
    row.parts[part]!++;
    if (Date.parse(row.last) < moments[index]!) row.last = timestamp;
    found.set(action, row);
  }
  const rows = [...found].map(([action, row]) => ({ action, ...row }));
  rows.sort((a, b) => b.count - a.count || (a.action < b.action ? -1 : 1));
  return { from, to, rows, most: Math.max(...rows.flatMap(row => row.parts)) };
}
