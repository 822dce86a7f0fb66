import { isObject, readPointer } from '../pointer';
import type { ServiceView } from '../types';

export interface Segment {
  /** In seconds from the beginning. */
  readonly start: number;
  readonly text: string;
}

/** The parts of a transcript with their times; none where the service gives none. */
export function segmentsOf(result: unknown, view: ServiceView): readonly Segment[] {
  const list = readPointer(result, view.segments ?? '/segments');
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown): Segment[] =>
    isObject(one) && typeof one.start === 'number' && typeof one.text === 'string'
      ? [{ start: one.start, text: one.text.trim() }]
      : [],
  );
}

/** The segment that is heard at a time; -1 before the first. */
export function segmentAt(segments: readonly Segment[], seconds: number): number {
  let found = -1;
  segments.forEach((segment, at) => {
    if (segment.start <= seconds + 0.01) found = at;
  });
  return found;
}

/** A time code: 0:07, 12:30, 1:02:03. */
export function timeCode(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
