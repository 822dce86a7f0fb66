import { ownAddress } from '../../api/base';

/** Answers name pictures with the server's address as it knows it; the page asks for them where it is itself. */
export function pictureAddress(address: string): string {
  const { pathname } = new URL(address, 'http://localhost');
  const at = pathname.indexOf('/api/');
  return ownAddress(at < 0 ? address : pathname.slice(at));
}

interface Pictured {
  readonly id: string;
  readonly image: string | null;
  readonly faces: number;
  readonly updated_at: string | null;
}

/**
 * The picture of a person's best face. A browser shows what it has of an address again, so another address says that the faces are others by
 * now: the link to the picture takes parameters of others. Empty without a face.
 */
export function personPicture({ id, image, faces, updated_at }: Pictured): string {
  if (faces === 0) return '';
  if (!image?.includes('/api/visage/pictures/')) return pictureById(id);
  return `${pictureAddress(image)}?faces=${faces}&at=${Date.parse(updated_at ?? '') || 0}`;
}

/** The same, of somebody of whom no more is known. */
export const pictureById = (id: string) => ownAddress(`/api/people/${id}/picture`);

export const facePicture = (task: string, face: number) => ownAddress(`/api/tasks/${task}/faces/${face}/picture`);

/** The photo of a task, as it was submitted. */
export const photoOf = (task: string) => ownAddress(`/api/queue/task/${task}/input/image`);
