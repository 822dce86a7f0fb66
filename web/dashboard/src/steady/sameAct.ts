const ids = new WeakMap<object, number>();
let last = 0;

/**
 * The same text for what means the same act: values of equal content, whatever the order of their members, and for anything that JSON cannot
 * tell apart, such as files, the same object.
 */
export function actKey(given: unknown): string {
  return JSON.stringify([given], (_, value: unknown) => {
    if (typeof value === 'function' || typeof value === 'symbol') return `${typeof value} ${String(value)}`;
    if (typeof value === 'bigint') return `bigint ${value}`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if (!isPlain(value)) return { object: idOf(value) };
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function idOf(value: object): number {
  const known = ids.get(value);
  if (known !== undefined) return known;
  ids.set(value, ++last);
  return last;
}
