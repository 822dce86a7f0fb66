/** What an entry says besides: `priority: 9`, `name: "Ann"`. */
export function Details({ details }: { readonly details: Readonly<Record<string, unknown>> | null }) {
  if (!details) return null;
  const text = Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return <span title={text}>{text}</span>;
}
