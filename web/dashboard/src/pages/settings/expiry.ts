export const expiries = ['never', 'month', 'quarter', 'year'] as const;
export type Expiry = (typeof expiries)[number];

const days: Record<Exclude<Expiry, 'never'>, number> = { month: 30, quarter: 90, year: 365 };

/** When a key that is made now expires, as the API takes it. */
export function expiryOf(expiry: Expiry, now: number): string | null {
  return expiry === 'never' ? null : new Date(now + days[expiry] * 86_400_000).toISOString();
}
