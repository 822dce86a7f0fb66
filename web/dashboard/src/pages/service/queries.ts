import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import { statusOf } from '../../api/errors';

/** The schemas of a service; null where it does not describe its items. */
export const schemaOf = (service: string) =>
  queryOptions({
    queryKey: ['schema', service],
    queryFn: ({ signal }) => orNull(client.services.schema(service, { signal })),
    staleTime: 30_000,
  });

/** The file of a declared service; null for one that has none. */
export const declarationOf = (name: string) =>
  queryOptions({
    queryKey: ['declaration', name],
    queryFn: ({ signal }) => orNull(client.services.declaration(name, { signal })),
    refetchInterval: 5_000,
  });

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
