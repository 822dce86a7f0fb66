import { dayFormat, relativeFormat, timeFormat } from './formats';
import { locale } from './locale';

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** What is shown for a time that is none. */
const noTime = '–';
/** The days that a `Date` can name. */
const isMoment = (at: number) => Math.abs(at) <= 8.64e15;

/** How far a moment is from now: "3 minutes ago", "in 12 seconds". */
export function formatRelative(at: number, now: number, style: 'long' | 'narrow' = 'long'): string {
  if (!isMoment(at) || !isMoment(now)) return noTime;
  const seconds = Math.round((at - now) / 1000);
  // In German the narrow form of 20 minutes is "20 m", which are metres.
  const length = style === 'narrow' && String(locale()).startsWith('de') ? 'short' : style;
  const format = relativeFormat({ numeric: 'auto', style: length });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'second');
}

/** True while a moment is shown by its seconds and is not past yet: a count down that is ten seconds behind is wrong. */
export function changesSoon(at: number, now: number): boolean {
  return at >= now && at - now < 60_000;
}

/** The exact moment, for a hover or a title. */
export function formatMoment(at: number, zone?: string): string {
  if (!isMoment(at)) return noTime;
  return timeFormat({ dateStyle: 'medium', timeStyle: 'medium', timeZone: zone }).format(at);
}

/** The time of the day, with the date if it is of another day. */
export function formatClock(at: number, now: number, zone?: string): string {
  if (!isMoment(at) || !isMoment(now)) return noTime;
  const day = dayFormat(zone);
  const isToday = day.format(at) === day.format(now);
  return timeFormat({
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(at);
}

/** The day alone, without its year. */
export function formatDay(at: number, zone?: string): string {
  if (!isMoment(at)) return noTime;
  return timeFormat({ month: 'short', day: 'numeric', timeZone: zone }).format(at);
}

/** The time of the day with seconds: what a banner says of the data it stands above. */
export function formatClockSeconds(at: number, zone?: string): string {
  if (!isMoment(at)) return noTime;
  return timeFormat({ timeStyle: 'medium', timeZone: zone }).format(at);
}
