import { judge, readFaces } from '../faces/judge';
import { isObject } from '../pointer';
import type { ResultRow } from '../types';

/** A stretch of a video, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Somebody in a video, and when. */
export interface Appearance {
  /** Of the person; undefined for faces that nobody matched. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** The first of the faces as an address, where the result has it. */
  readonly picture: string | undefined;
  readonly spans: readonly Span[];
}

export interface VideoFaces {
  /** In seconds; the end of the last frame where the file does not say. */
  readonly duration: number;
  readonly frames: number;
  /** The picture that stands for the video, as an address. */
  readonly cover: string | undefined;
  readonly isIncomplete: boolean;
  readonly reason: string | undefined;
  /** Whoever is seen longest first; faces that nobody matched last. */
  readonly appearances: readonly Appearance[];
}

interface Seen {
  readonly id: string | undefined;
  readonly name: string | undefined;
  picture: string | undefined;
  readonly spans: { start: number; end: number }[];
}

/** Reads the result of a video; undefined for one of another form. */
export function readVideo(row: ResultRow): VideoFaces | undefined {
  if (!isObject(row.result) || !Array.isArray(row.result.frames)) return undefined;
  const { result } = row;
  const seen = new Map<string, Seen>();
  let last = 0;
  let frames = 0;
  for (const frame of result.frames as unknown[]) {
    if (!isObject(frame) || typeof frame.start !== 'number') continue;
    const { start } = frame;
    const end = typeof frame.end === 'number' && frame.end > start ? frame.end : start;
    last = Math.max(last, end);
    frames++;
    for (const face of readFaces({ ...row, result: { data: [frame.faces] } }).faces) {
      const match = judge(face, Number.NEGATIVE_INFINITY);
      const one = seen.get(match?.id ?? '') ?? { id: match?.id, name: match?.name, picture: undefined, spans: [] };
      seen.set(match?.id ?? '', one);
      one.picture ??= face.picture;
      addSpan(one.spans, start, end);
    }
  }
  const cover = isObject(result.cover) ? result.cover.image : undefined;
  return {
    duration: typeof result.duration === 'number' && result.duration > 0 ? result.duration : last,
    frames,
    cover: typeof cover === 'string' && cover !== '' ? `data:image/jpeg;base64,${cover}` : undefined,
    isIncomplete: result.incomplete === true,
    reason: typeof result.incomplete_reason === 'string' ? result.incomplete_reason : undefined,
    appearances: [...seen.values()].sort(
      (a, b) => Number(a.id === undefined) - Number(b.id === undefined) || lengthOf(b) - lengthOf(a),
    ),
  };
}

/** Frames that follow each other are one stretch; several faces of one frame are one too. */
function addSpan(spans: { start: number; end: number }[], start: number, end: number) {
  const before = spans.at(-1);
  if (before && start <= before.end + 0.001) before.end = Math.max(before.end, end);
  else spans.push({ start, end });
}

const lengthOf = ({ spans }: Seen) => spans.reduce((sum, span) => sum + span.end - span.start, 0);
