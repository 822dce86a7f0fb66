/** Where this server is for the browser, with a slash at its end: the page's own base, perhaps below a proxy's path. */
export function serverBase(): string {
  return new URL('.', document.baseURI).href;
}

/** The path of the dashboard, as the router needs it: `/dashboard`, or `/stashai/dashboard`. */
export function dashboardPath(): string {
  return `${new URL('.', document.baseURI).pathname}dashboard`;
}

/**
 * An address as a browser reaches it. Answers name some addresses as paths of this server, with or without the path of a proxy, and
 * others, such as links to pictures, in full.
 */
export function ownAddress(address: string): string {
  if (!address.startsWith('/')) return address;
  const base = new URL('.', document.baseURI);
  return address.startsWith(base.pathname) ? address : new URL(address.slice(1), base).href;
}
