/** A value of a query; lists become several values with commas between them, and undefined and null are left out. */
export type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined;

/** Puts values into the `{names}` of a path, and a query behind it. */
export function fill(
  template: string,
  path: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = path[name];
    if (value === undefined || value === null || value === '')
      throw new TypeError(`${template} needs a value for ${name}.`);
    return encodeURIComponent(String(value));
  });
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    parameters.append(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = parameters.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** The address of the server, with a slash at the end so that paths can follow; relative ones begin at the page. */
export function serverAddress(baseUrl: string | URL): URL {
  const page = (globalThis as { document?: { baseURI: string } }).document?.baseURI;
  const address = new URL(baseUrl, page);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new TypeError(`baseUrl must begin with http:// or https://, not with ${address.protocol}`);
  }
  address.search = '';
  address.hash = '';
  if (!address.pathname.endsWith('/')) address.pathname += '/';
  return address;
}

/** The absolute address of a path of the API. */
export function addressOf(server: URL, path: string): URL {
  return new URL(path.replace(/^\//, ''), server);
}
