import { numberFormat } from './formats';

type Unit = 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

function unit(value: number, name: Unit, digits = 0): string {
  return numberFormat({
    style: 'unit',
    unit: name,
    unitDisplay: 'narrow',
    maximumFractionDigits: digits,
  }).format(value);
}

/** How long something takes, in up to two units: 212ms, 4.2s, 3m 20s, 2h 5m, 4d 3h. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 0.9995) return unit(Math.round(seconds * 1000), 'millisecond');
  if (seconds < 9.95) return unit(seconds, 'second', 1);
  const whole = Math.round(seconds);
  if (whole < 60) return unit(whole, 'second');
  if (whole < 3600) return pair(whole, 60, 'minute', 1, 'second');
  // Seconds would pretend to know an hour so exactly.
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(minutes, 60, 'hour', 1, 'minute');
  const hours = Math.round(seconds / 3600);
  return pair(hours, 24, 'day', 1, 'hour');
}

function pair(value: number, large: number, largeUnit: Unit, small: number, smallUnit: Unit): string {
  const first = Math.floor(value / large);
  const second = Math.floor((value % large) / small);
  return second === 0 ? unit(first, largeUnit) : `${unit(first, largeUnit)} ${unit(second, smallUnit)}`;
}

export function formatMilliseconds(milliseconds: number): string {
  return formatDuration(milliseconds / 1000);
}

/** A moment in a video, from whole seconds: 0:07, 12:30, 1:02:03. */
export function formatPosition(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
