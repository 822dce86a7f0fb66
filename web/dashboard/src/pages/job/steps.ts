import type { Schemas } from '../../api/types';

type Step = Schemas['TimelineStep'];

const mostBars = 120;

/** The steps of a timeline as bars of equal length without gaps: steps in which nothing ended are not in the answer. */
export function barsOf(steps: readonly Step[], stepSeconds: number): { bars: readonly Step[]; seconds: number } {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last || stepSeconds <= 0) return { bars: [], seconds: stepSeconds };
  const begin = Date.parse(first.at);
  if (Number.isNaN(begin) || Number.isNaN(Date.parse(last.at))) return { bars: [], seconds: stepSeconds };
  const indexOf = (step: Step, seconds: number) =>
    Math.round((Date.parse(step.at) - begin) / (stepSeconds * 1000)) / (seconds / stepSeconds);
  const count = Math.floor(indexOf(last, stepSeconds)) + 1;
  const seconds = stepSeconds * Math.ceil(count / mostBars);
  const bars = Array.from({ length: Math.ceil((count * stepSeconds) / seconds) }, (_, at) => ({
    at: new Date(begin + at * seconds * 1000).toISOString(),
    completed: 0,
    failed: 0,
  }));
  for (const step of steps) {
    const bar = bars[Math.floor(indexOf(step, seconds))];
    if (!bar) continue;
    bar.completed += step.completed;
    bar.failed += step.failed;
  }
  return { bars, seconds };
}

/** A time in which nothing of a job ended, between others in which something did. */
export interface Rest {
  readonly at: string;
  readonly seconds: number;
}

const shortestRest = 60;

/**
 * Long rests, which make much of the time that a job took: the server keeps no note of a retry, but what ended before and after it. Less
 * than a minute, or than a quarter of the whole, is the usual work.
 */
export function restsOf(steps: readonly Step[], stepSeconds: number): readonly Rest[] {
  const times = steps.map(step => Date.parse(step.at) / 1000);
  const whole = (times.at(-1) ?? 0) + stepSeconds - (times[0] ?? 0);
  return times.slice(1).flatMap((time, index) => {
    const begin = times[index]! + stepSeconds;
    const seconds = time - begin;
    const isLong = seconds >= shortestRest && seconds >= whole / 4;
    return isLong ? [{ at: new Date(begin * 1000).toISOString(), seconds }] : [];
  });
}
