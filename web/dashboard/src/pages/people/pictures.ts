import { ownAddress } from '../../api/base';

/** Answers name pictures with the server's address as it knows it; the page asks for them where it is itself. */
export function pictureAddress(address: string): string {
  const { pathname } = new URL(address, 'http://localhost');
  const at = pathname.indexOf('/api/');
  return ownAddress(at < 0 ? address : pathname.slice(at));
}

export const personPicture = (id: string) => ownAddress(`/api/people/${id}/picture`);

export const facePicture = (task: string, face: number) => ownAddress(`/api/tasks/${task}/faces/${face}/picture`);

/** The photo of a task, as it was submitted. */
export const photoOf = (task: string) => ownAddress(`/api/queue/task/${task}/input/image`);
