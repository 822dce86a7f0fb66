import { StashError } from '@stashai/client';
import { client } from '../../api/client';
import type { Person } from './queries';

export interface FoundFace {
  readonly index: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** Whom photos go to: somebody of the gallery, or a name. */
export type Target = { readonly id: string } | { readonly name: string };

/** Enrols one photo; with a face where it shows several. The first photo of a name makes the person. */
export async function enrolPhoto(target: Target, photo: File, face?: number): Promise<Person> {
  if (face === undefined) {
    const form = new FormData();
    if ('name' in target) form.append('name', target.name);
    form.append('photo', photo, photo.name);
    return 'id' in target ? client.people.addPhotos(target.id, form) : client.people.add(form);
  }
  const photos = [{ image: await readBase64(photo), face: { index: face } }];
  return 'id' in target
    ? client.people.addPhotos(target.id, { photos })
    : client.people.add({ name: target.name, photos });
}

/** The faces among which the server asks to choose, if that is why it refused. */
export function facesToChoose(error: unknown): readonly FoundFace[] | undefined {
  if (!(error instanceof StashError) || error.status !== 422) return undefined;
  const { faces } = error.problem;
  return Array.isArray(faces) && faces.length > 1 ? (faces as FoundFace[]) : undefined;
}

function readBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',', 2)[1] ?? '');
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    reader.readAsDataURL(file);
  });
}
