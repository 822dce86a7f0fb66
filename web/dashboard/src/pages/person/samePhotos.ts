import type { Schemas } from '../../api/types';

type Photo = Schemas['AlbumPhoto'];

/** A photo with all of its results: the same photo may be in several jobs. */
export interface ShownPhoto {
  /** The first result in the order of the list. */
  readonly photo: Photo;
  readonly all: readonly Photo[];
}

/** Brings results together that are of one photo: of the same name, with the person at the same places, as sure. */
export function samePhotos(photos: readonly Photo[]): readonly ShownPhoto[] {
  const found = new Map<string, Photo[]>();
  for (const photo of photos) {
    const key = keyOf(photo);
    const known = found.get(key);
    // Twice in one job is two items, which somebody may tell apart.
    if (known && !known.some(one => one.job_id === photo.job_id)) known.push(photo);
    else found.set(known ? photo.task_id : key, [photo]);
  }
  return [...found.values()].map(all => ({ photo: all[0]!, all }));
}

function keyOf({ task_id, item_name, item_id, confidence, faces }: Photo): string {
  // What was sent without a file's name may have it as its id, as the command line does.
  const name = item_name || item_id;
  if (typeof name !== 'string') return task_id;
  return JSON.stringify([
    name,
    confidence,
    faces.map(({ box, time }) => [box?.x, box?.y, box?.width, box?.height, time]),
  ]);
}
