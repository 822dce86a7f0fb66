import { StashNotFoundError } from '@stashai/client';
import { client } from '../../api/client';
import type { Schemas } from '../../api/types';

/** Faces that an act enrolled as somebody's, by which it is undone. */
export interface Enrolled {
  readonly person: string;
  readonly isNew: boolean;
  /** Those that the gallery has now and had not before; empty where nobody may undo it. */
  readonly faces: readonly string[];
}

interface Named {
  readonly name: string;
  readonly id?: string | undefined;
}

/** Does what enrols faces as somebody's, who is new without an id, and finds out which. */
export async function noteEnrolled<Done>(
  id: string | undefined,
  mayUndo: boolean,
  enrol: () => Promise<Done>,
  personOf: (done: Done) => string,
): Promise<{ readonly done: Done; readonly enrolled: Enrolled }> {
  const before = mayUndo && id !== undefined ? await facesOf(id) : [];
  const done = await enrol();
  const person = personOf(done);
  // What cannot be read is not offered to be undone; the faces are enrolled.
  const after = mayUndo ? await facesOf(person).catch(() => []) : [];
  return { done, enrolled: { person, isNew: id === undefined, faces: after.filter(one => !before.includes(one)) } };
}

/** Enrols a face of a result as somebody's. */
export async function enrolFace(
  face: { readonly task: string; readonly face: number },
  { id, name }: Named,
  mayUndo: boolean,
): Promise<Enrolled & { readonly rematch: Schemas['JudgedResults'] | null | undefined }> {
  const { done, enrolled } = await noteEnrolled(
    id,
    mayUndo,
    () =>
      id === undefined ? client.people.add({ name, faces: [face] }) : client.people.addPhotos(id, { faces: [face] }),
    person => person.id,
  );
  return { ...enrolled, rematch: done.rematch };
}

/** What became of a person who was new. */
export type Undone = 'gone' | 'stays' | undefined;

/** Takes the faces out of the gallery again, and with them a person who was new, unless somebody has added to the person meanwhile. */
export async function takeOut({ person, isNew, faces }: Enrolled): Promise<Undone> {
  for (const face of faces) {
    // What somebody has taken out meanwhile is out.
    await client.people.deleteFace(person, face, isNew ? { with_person: true } : {}).catch(ignoreMissing);
  }
  if (!isNew) return undefined;
  return client.people.get(person).then(
    () => 'stays',
    error => (error instanceof StashNotFoundError ? 'gone' : undefined),
  );
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof StashNotFoundError)) throw error;
}

const facesOf = async (person: string) => (await client.people.faces(person)).data.map(face => face.id);
