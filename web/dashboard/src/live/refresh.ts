import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads a query again. A first read that is under way may have begun before the news, and `invalidateQueries` would take its answer for
 * new: so it waits for that one first.
 */
export async function refresh(queries: QueryClient, queryKey: QueryKey): Promise<void> {
  await settled(queries, queryKey);
  await queries.invalidateQueries({ queryKey });
}

/** Reads a query again if a read is under way, whose answer may be older than what was put into the query meanwhile. */
export async function refreshIfReading(queries: QueryClient, queryKey: QueryKey): Promise<void> {
  if (await settled(queries, queryKey)) await queries.invalidateQueries({ queryKey });
}

async function settled(queries: QueryClient, queryKey: QueryKey): Promise<boolean> {
  const query = queries.getQueryCache().find({ queryKey });
  if (query?.state.fetchStatus !== 'fetching') return false;
  await query.promise?.catch(() => undefined);
  return true;
}
