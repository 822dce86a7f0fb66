/** Services of the server itself: what is sent to them is stored in its own database, and nothing is called. */
export const localServices: ReadonlySet<string> = new Set(['interactions', 'sessions']);
