/** An address that the server may not reach unless a setting names it. */
export interface PrivateAddress {
  readonly address: string;
  readonly setting: string;
}

/** What a refusal of the server says of an address at home or of this machine; undefined for any other. */
export function privateAddressOf(message: string): PrivateAddress | undefined {
  const named = /\badd (\S+) to (ALLOWED_\w+)/.exec(message);
  if (!named) return undefined;
  const [, address, setting] = named;
  if (address !== 'it') return { address: address!, setting: setting! };
  const [, shown] = /(?:^|\s)(\S+)(?: \([^)]*\))? is a private address/.exec(message) ?? [];
  return shown === undefined ? undefined : { address: shown, setting: setting! };
}
