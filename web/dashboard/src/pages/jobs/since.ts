const hour = 3_600_000;

/** How far back the chips of a list reach, in hours. */
export const spans = { lastDay: 24, lastWeek: 7 * 24 } as const;
export type Span = keyof typeof spans;

/** The `created_after` of a chip. It begins with an hour, so that the address and its rows stay the same for a while. */
export function since(span: Span, now: number): string {
  return new Date(Math.floor(now / hour) * hour - spans[span] * hour).toISOString();
}

/** The chip that a `created_after` came from, at most an hour ago or so. */
export function spanOf(after: string | undefined, now: number): Span | undefined {
  const back = (now - Date.parse(after ?? '')) / hour;
  return (Object.keys(spans) as Span[]).find(span => back >= spans[span] && back < spans[span] + 2);
}
