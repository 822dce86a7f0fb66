const longest = 1000;
const head = 120;

/** A document to look at: long texts, such as pictures in base64, by their beginning and their length. Copies have all of it. */
export function readableJson(value: unknown): string {
  const shorten = (_: string, member: unknown) =>
    typeof member === 'string' && member.length > longest && !/\s/.test(member.slice(0, longest))
      ? `${member.slice(0, head)}… (${member.length})`
      : member;
  return JSON.stringify(value, shorten, 2);
}
