/** A vector of numbers; undefined for anything else. */
export function vectorOf(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every(one => typeof one === 'number')
    ? (value as number[])
    : undefined;
}

/** The length of a vector. */
export function normOf(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, one) => sum + one * one, 0));
}
