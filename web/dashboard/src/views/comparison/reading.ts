import { isObject } from '../pointer';

/** What was compared on one side: a person of the gallery, or the closest face of a photo. */
export interface Side {
  /** Undefined for a photo. */
  readonly person: string | undefined;
  /** How many faces the photo has; undefined for a person. */
  readonly faces: number | undefined;
}

export type Verdict = 'same' | 'different' | 'noFace1' | 'noFace2';

export interface Comparison {
  readonly verdict: Verdict;
  /** From 0 to 1. */
  readonly similarity: number;
  /** From 0 to 1. */
  readonly confidence: number | undefined;
  /** The least similarity that counts as the same person. */
  readonly least: number | undefined;
  readonly sides: readonly [Side, Side];
}

/** An item of the ranking of a job that compares one target with many. */
export interface Ranked {
  readonly item: number;
  readonly name: string | undefined;
  readonly similarity: number;
  readonly isMatch: boolean;
}

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads a result; undefined for one that is not a comparison. */
export function readComparison(result: unknown): Comparison | undefined {
  if (!isObject(result) || !isObject(result.data)) return undefined;
  const { data } = result;
  const sides = [side(data, 1), side(data, 2)] as const;
  const [first, second] = sides;
  const isMatch = data.is_match === true;
  const similarity = number(data.similarity);
  if (similarity === undefined) return undefined;
  const percent = number(data.confidence);
  return {
    verdict: first.faces === 0 ? 'noFace1' : second.faces === 0 ? 'noFace2' : isMatch ? 'same' : 'different',
    similarity,
    confidence: percent === undefined ? undefined : percent / 100,
    least: number(result.threshold_cosine),
    sides,
  };
}

function side(data: Record<string, unknown>, which: 1 | 2): Side {
  return { person: text(data[`person${which}`]), faces: number(data[`faces${which}`]) };
}

/** The ranking that a job keeps, the most alike first; undefined where there is none. */
export function readRanking(aggregate: unknown): readonly Ranked[] | undefined {
  if (!isObject(aggregate) || !Array.isArray(aggregate.ranking)) return undefined;
  return aggregate.ranking.filter(isObject).flatMap((one): Ranked[] => {
    const [item, similarity] = [number(one.item), number(one.similarity)];
    if (item === undefined || similarity === undefined) return [];
    return [{ item, name: text(one.item_name) ?? text(one.person), similarity, isMatch: one.is_match === true }];
  });
}
