/** What a JSON pointer (RFC 6901) names in a document; undefined where there is nothing. */
export function readPointer(document: unknown, pointer: unknown): unknown {
  if (typeof pointer !== 'string') return undefined;
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) return undefined;
  let value = document;
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text that a pointer names; numbers as text, nothing for anything else. */
export function readText(document: unknown, pointer: unknown): string | undefined {
  const value = readPointer(document, pointer);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
