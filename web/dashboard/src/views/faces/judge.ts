import { isObject } from '../pointer';
import type { ResultRow } from '../types';

/** A person whom a face may show, as the result says. */
export interface Match {
  readonly id: string;
  readonly name: string;
  /** The cosine of the two faces, or what the confidence says of it. */
  readonly similarity: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A face of a result; `index` is its position there, by which the API names it. */
export interface Face {
  readonly task: string;
  readonly index: number;
  readonly box: Box | undefined;
  /** The picture of the face as an address, where the result has it. */
  readonly picture: string | undefined;
  /** How clear the face is: 2.5 and less is mostly a bad crop. */
  readonly quality: number | undefined;
  /** The closest first. */
  readonly matches: readonly Match[];
  readonly isAmbiguous: boolean;
  /** The person of this face was deleted; nobody is found for it any more. */
  readonly isErased: boolean;
}

export interface PhotoFaces {
  readonly row: ResultRow;
  readonly width: number;
  readonly height: number;
  /** The least similarity of a match when the result was judged. */
  readonly least: number | undefined;
  readonly faces: readonly Face[];
  /** The file is cut off: only the part that is there was looked at. */
  readonly isIncomplete: boolean;
}

/** What the documentation of faces says: the confidence of a similarity, from 0 to 1. */
export function confidenceOf(similarity: number): number {
  return 1 / (1 + Math.exp(-20 * (similarity - 0.42)));
}

/** The similarity that has this confidence; those of 0 and 1 have none, so the nearest that a result can name. */
export function similarityOf(confidence: number): number {
  const between = Math.min(0.9999, Math.max(0.0001, confidence));
  return 0.42 + Math.log(between / (1 - between)) / 20;
}

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** Reads the faces of a result; a result that has none, or is of another form, has an empty list. */
export function readFaces(row: ResultRow): PhotoFaces {
  const result = isObject(row.result) ? row.result : {};
  const [first] = Array.isArray(result.data) ? (result.data as unknown[]) : [];
  const faces = Array.isArray(first) ? first.filter(isObject) : [];
  return {
    row,
    width: number(result.image_width) ?? 0,
    height: number(result.image_height) ?? 0,
    least: number(result.threshold_cosine),
    faces: faces.map((face, index) => readFace(row.id, index, face)),
    isIncomplete: result.incomplete === true,
  };
}

function readFace(task: string, index: number, face: Record<string, unknown>): Face {
  const people = Array.isArray(face.performers) ? face.performers.filter(isObject) : [];
  return {
    task,
    index,
    box: readBox(face.box),
    picture: typeof face.image === 'string' && face.image !== '' ? `data:image/jpeg;base64,${face.image}` : undefined,
    quality: number(face.quality),
    matches: people.flatMap(readMatch).sort((a, b) => b.similarity - a.similarity),
    isAmbiguous: face.ambiguous === true,
    isErased: face.erased === true,
  };
}

/** The frame of a face, as the API gives it without saying its form. */
export function readBox(value: unknown): Box | undefined {
  if (!isObject(value)) return undefined;
  const [x, y, width, height] = [value.x, value.y, value.width, value.height].map(number);
  return x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height };
}

function readMatch(person: Record<string, unknown>): Match[] {
  const { id, name } = person;
  if (typeof id !== 'string' || typeof name !== 'string') return [];
  const similarity = number(person.cosine) ?? similarityOf((number(person.confidence) ?? 0) / 100);
  return [{ id, name, similarity }];
}

/** Whom a face shows when a match needs this similarity. */
export function judge(face: Face, least: number): Match | undefined {
  const [best] = face.matches;
  return best !== undefined && best.similarity >= least ? best : undefined;
}

/** The similarity below which at least one of the results kept nothing. */
export function keptFrom(photos: readonly PhotoFaces[]): number | undefined {
  const known = photos.flatMap(photo => photo.least ?? []);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** The similarity that a job asked for, for results that do not say theirs; undefined where the face service's own holds. */
export function askedBy(job: object): number | undefined {
  const config = 'config' in job && isObject(job.config) ? job.config : {};
  const confidence = number(config.threshold);
  return confidence === undefined ? undefined : similarityOf(confidence);
}

/** True for a task that ended without a result. */
export const hasFailed = ({ row }: PhotoFaces) => row.result === null || row.result === undefined;

export const unknown = 'unknown';

export interface Count {
  readonly id: string;
  readonly name: string;
  readonly faces: number;
}

export interface Judged {
  readonly faces: number;
  readonly matched: number;
  /** Most faces first. */
  readonly people: readonly Count[];
}

/** How many faces show whom when a match needs this similarity. */
export function countPeople(photos: readonly PhotoFaces[], least: number): Judged {
  const people = new Map<string, Count>();
  let faces = 0;
  let matched = 0;
  for (const face of photos.flatMap(photo => photo.faces)) {
    faces++;
    const match = judge(face, least);
    if (!match) continue;
    matched++;
    people.set(match.id, { id: match.id, name: match.name, faces: (people.get(match.id)?.faces ?? 0) + 1 });
  }
  const listed = [...people.values()].sort((a, b) => b.faces - a.faces || a.name.localeCompare(b.name));
  return { faces, matched, people: listed };
}

/** True for a face of this person, or of nobody for `unknown`; every face without a person. */
export function isShown(face: Face, least: number, person: string | undefined): boolean {
  if (person === undefined) return true;
  const match = judge(face, least);
  return person === unknown ? match === undefined : match?.id === person;
}

/**
 * The face to go to from the selected one, forwards (1) or backwards (-1) among those that are shown; at an end it stays. A selected face that is not
 * shown any more, such as one that is not of the chosen person after all, is left from its own place. Without a selection it is the first.
 */
export function stepFrom(all: readonly Face[], shown: readonly Face[], selected: string | undefined, by: number) {
  const place = new Map(all.map((face, at) => [faceKey(face), at]));
  const from = selected === undefined ? undefined : place.get(selected);
  if (from === undefined) return shown[0];
  const placeOf = (face: Face) => place.get(faceKey(face)) ?? 0;
  const next = by > 0 ? shown.find(face => placeOf(face) > from) : shown.findLast(face => placeOf(face) < from);
  return next ?? (by > 0 ? shown.at(-1) : shown[0]);
}

export const faceKey = (face: Pick<Face, 'task' | 'index'>) => `${face.task}:${face.index}`;
