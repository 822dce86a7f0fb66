import { StashError } from '@stashai/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Schemas } from '../../api/types';

export type Person = Schemas['GalleryPerson'];
export type Erasure = Schemas['Erasure'];

export const sorts = ['name', '-faces', 'faces', '-added', 'added'] as const;
export type Sort = (typeof sorts)[number];

interface Page {
  readonly next: string | null;
}

const pages = { initialPageParam: undefined as string | undefined, getNextPageParam: (page: Page) => page.next };

/** The keys begin with `people`, so that one call has all of them read again after the gallery changed. */
export const peopleQueries = {
  list: (name: string, sort: Sort) =>
    infiniteQueryOptions({
      queryKey: ['people', 'list', name, sort],
      queryFn: ({ signal, pageParam: cursor }) =>
        client.people.list({ limit: 60, sort, ...(name && { name }), ...(cursor && { cursor }) }, { signal }),
      ...pages,
    }),
  /** A few people whose names contain the text. */
  named: (name: string) =>
    queryOptions({
      queryKey: ['people', 'named', name],
      queryFn: ({ signal }) => client.people.list({ limit: 8, sort: 'name', ...(name && { name }) }, { signal }),
    }),
  person: (id: string) =>
    queryOptions({ queryKey: ['people', 'one', id], queryFn: ({ signal }) => client.people.get(id, { signal }) }),
  faces: (id: string) =>
    queryOptions({ queryKey: ['people', 'faces', id], queryFn: ({ signal }) => client.people.faces(id, { signal }) }),
  photos: (id: string) =>
    infiniteQueryOptions({
      queryKey: ['people', 'photos', id],
      queryFn: ({ signal, pageParam: cursor }) =>
        client.request('/api/people/{id}/photos', 'get', {
          path: { id },
          query: { limit: 48, ...(cursor && { cursor }) },
          signal,
        }),
      ...pages,
    }),
  together: (id: string) =>
    queryOptions({
      queryKey: ['people', 'together', id],
      queryFn: ({ signal }) =>
        client.request('/api/people/{id}/together', 'get', { path: { id }, query: { limit: 24 }, signal }),
    }),
  rejections: (id: string) =>
    infiniteQueryOptions({
      queryKey: ['people', 'rejections', id],
      queryFn: ({ signal, pageParam: cursor }) =>
        client.request('/api/people/{id}/rejections', 'get', {
          path: { id },
          query: { limit: 48, ...(cursor && { cursor }) },
          signal,
        }),
      ...pages,
    }),
  /** The latest removals of people; read every second while one runs. */
  erasures: queryOptions({
    queryKey: ['people', 'erasures'],
    queryFn: ({ signal }) => client.request('/api/people/erasures', 'get', { query: { limit: 10 }, signal }),
    refetchInterval: query => (query.state.data?.data.some(one => one.state !== 'completed') ? 1000 : 30_000),
  }),
};

/** Has everything of the gallery read again. */
export function galleryChanged(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ['people'] });
}

/** The person who has the name already, if that is why the server refused. */
export function takenBy(error: unknown): string | undefined {
  const id = error instanceof StashError && error.status === 409 ? error.problem.person_id : undefined;
  return typeof id === 'string' ? id : undefined;
}
