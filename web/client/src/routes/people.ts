import type { Api } from '../http/api.js';
import type { BodyOf, CallOptions, Operation, QueryOf, Schemas, Sequence } from '../http/types.js';

type People = QueryOf<Operation<'/api/people', 'get'>>;

/** `client.people`: the people whom the face service knows. */
export class PeopleRoutes {
  constructor(private readonly api: Api) {}

  /** One page of the people. */
  list(query: People = {}, options: CallOptions = {}): Promise<Schemas['GalleryPage']> {
    return this.api.request('/api/people', 'get', { query, ...options });
  }

  /** All people; pages are read as they are used. */
  all(query: People = {}, options: CallOptions = {}): Sequence<Schemas['GalleryPerson']> {
    return this.api.all('/api/people', { query, ...options });
  }

  get(id: string, options: CallOptions = {}): Promise<Schemas['GalleryPerson']> {
    return this.api.request('/api/people/{id}', 'get', { path: { id }, ...options });
  }

  /** A new person, from JSON or a form with files. A `StashConflictError` has the `person_id` of somebody with the name in `problem`. */
  add(person: BodyOf<Operation<'/api/people', 'post'>>, options: CallOptions = {}): Promise<Schemas['GalleryPerson']> {
    return this.api.request('/api/people', 'post', { body: person, ...options });
  }

  addPhotos(
    id: string,
    photos: BodyOf<Operation<'/api/people/{id}/photos', 'post'>>,
    options: CallOptions = {},
  ): Promise<Schemas['GalleryPerson']> {
    return this.api.request('/api/people/{id}/photos', 'post', { path: { id }, body: photos, ...options });
  }

  /** Renames a person, or changes what is known besides. */
  patch(id: string, change: Schemas['PersonChange'], options: CallOptions = {}): Promise<Schemas['GalleryPerson']> {
    return this.api.request('/api/people/{id}', 'patch', { path: { id }, body: change, ...options });
  }

  /** Deletes a person, also from all results; the erasure says how far that is. */
  delete(id: string, options: CallOptions = {}): Promise<Schemas['Erasure']> {
    return this.api.request('/api/people/{id}', 'delete', { path: { id }, ...options });
  }

  erasure(id: string, options: CallOptions = {}): Promise<Schemas['Erasure']> {
    return this.api.request('/api/people/erasures/{id}', 'get', { path: { id }, ...options });
  }

  /** One page of the photos of all jobs that show a person, the best match first. */
  photos(id: string, query: QueryOf<Operation<'/api/people/{id}/photos', 'get'>> = {}, options: CallOptions = {}) {
    return this.api.request('/api/people/{id}/photos', 'get', { path: { id }, query, ...options });
  }

  /** One page of the people who are on photos of a person, those on most photos first. */
  together(id: string, query: QueryOf<Operation<'/api/people/{id}/together', 'get'>> = {}, options: CallOptions = {}) {
    return this.api.request('/api/people/{id}/together', 'get', { path: { id }, query, ...options });
  }

  /** Says that faces of results are not of a person. Their results are judged again at once. */
  reject(id: string, rejections: BodyOf<Operation<'/api/people/{id}/rejections', 'post'>>, options: CallOptions = {}) {
    return this.api.request('/api/people/{id}/rejections', 'post', { path: { id }, body: rejections, ...options });
  }

  rejections(
    id: string,
    query: QueryOf<Operation<'/api/people/{id}/rejections', 'get'>> = {},
    options: CallOptions = {},
  ) {
    return this.api.request('/api/people/{id}/rejections', 'get', { path: { id }, query, ...options });
  }

  deleteRejection(id: string, rejection: string, options: CallOptions = {}): Promise<undefined> {
    return this.api.request('/api/people/{id}/rejections/{rejection}', 'delete', {
      path: { id, rejection },
      ...options,
    });
  }

  /** Gives the faces of other people to this one. Results that show them are judged again (`rematch`). */
  merge(id: string, from: readonly string[], options: CallOptions = {}): Promise<Schemas['GalleryPerson']> {
    return this.api.request('/api/people/{id}/merge', 'post', { path: { id }, body: { from: [...from] }, ...options });
  }

  /** Gives some faces of a person to another one (`into`) or to a new one (`name`). Results that show the person are judged again. */
  split(
    id: string,
    faces: readonly string[],
    whose: { into: string } | { name: string },
    options: CallOptions = {},
  ): Promise<Schemas['SplitPeople']> {
    const body = { faces: [...faces], ...whose };
    return this.api.request('/api/people/{id}/split', 'post', { path: { id }, body, ...options });
  }

  faces(id: string, options: CallOptions = {}): Promise<Schemas['GalleryFaces']> {
    return this.api.request('/api/people/{id}/faces', 'get', { path: { id }, ...options });
  }

  /** Takes a face out, and with `with_person` a person of whom nothing but the name is known then. */
  deleteFace(
    id: string,
    face: string,
    query: QueryOf<Operation<'/api/people/{id}/faces/{face}', 'delete'>> = {},
    options: CallOptions = {},
  ): Promise<undefined> {
    return this.api.request('/api/people/{id}/faces/{face}', 'delete', { path: { id, face }, query, ...options });
  }
}
