import { client } from '../../api/client';
import type { Schemas } from '../../api/types';

/** What enrolling a face of a result changed. */
export interface Enrolled {
  readonly person: string;
  readonly isNew: boolean;
  /** The faces that the gallery has now and had not before, by which the act is undone; empty where nobody may undo it. */
  readonly faces: readonly string[];
  readonly rematch: Schemas['JudgedResults'] | null | undefined;
}

interface Named {
  readonly name: string;
  readonly id?: string | undefined;
}

/** Enrols a face of a result as somebody's, who is new without an id. */
export async function enrolFace(
  face: { readonly task: string; readonly face: number },
  { id, name }: Named,
  mayUndo: boolean,
): Promise<Enrolled> {
  const before = mayUndo && id !== undefined ? await facesOf(id) : [];
  const person =
    id === undefined
      ? await client.people.add({ name, faces: [face] })
      : await client.people.addPhotos(id, { faces: [face] });
  // What cannot be read is not offered to be undone; the face is enrolled.
  const after = mayUndo ? await facesOf(person.id).catch(() => []) : [];
  return {
    person: person.id,
    isNew: id === undefined,
    faces: after.filter(one => !before.includes(one)),
    rematch: person.rematch,
  };
}

/** Takes the faces out of the gallery again. */
export async function takeOut({ person, faces }: Enrolled): Promise<void> {
  for (const face of faces) await client.people.deleteFace(person, face);
}

const facesOf = async (person: string) => (await client.people.faces(person)).data.map(face => face.id);
