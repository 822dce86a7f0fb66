import type { Series, SeriesPoint } from '../../api/types';

export type Metric = 'completed' | 'failed' | 'retried' | 'throttled' | 'p50_ms' | 'p95_ms';

/** A step that has hardly begun says nothing yet. */
const leastElapsed = 10;

/** Columns for a chart: moments in seconds, then one column a metric. */
export type Columns = [number[], ...(number | null)[][]];

/**
 * Every step of the range, also those that the server leaves out because nothing happened: counts are then zero, and times of calls null.
 * Counts become rates a minute; the step that is not over yet counts for the seconds that it has.
 */
export function columnsOf(series: Series, metrics: readonly Metric[]): Columns {
  const { step } = series;
  const end = Date.parse(series.to) / 1000;
  const points = new Map(series.points.map(point => [Date.parse(point.at) / 1000, point]));
  const moments: number[] = [];
  for (let at = Math.ceil(Date.parse(series.from) / 1000 / step) * step; at + leastElapsed <= end; at += step)
    moments.push(at);
  return [
    moments,
    ...metrics.map(metric => moments.map(at => valueAt(points.get(at), metric, Math.min(step, end - at)))),
  ];
}

function valueAt(point: SeriesPoint | undefined, metric: Metric, seconds: number): number | null {
  if (metric === 'p50_ms' || metric === 'p95_ms') return point?.[metric] ?? null;
  return ((point?.[metric] ?? 0) * 60) / seconds;
}

/** True if there is nothing to draw. */
export function isEmpty(columns: Columns): boolean {
  return columns.slice(1).every(column => column.every(value => !value));
}

/** The newest value of a column that there is. */
export function lastOf(column: readonly (number | null)[]): number | null {
  return column.findLast(value => value !== null) ?? null;
}

/** Where a value stands alone between gaps: no line goes through it, so it needs a point. */
export function aloneIn(column: ArrayLike<number | null | undefined>): number[] {
  const alone: number[] = [];
  for (let i = 0; i < column.length; i++) {
    if (column[i] != null && column[i - 1] == null && column[i + 1] == null) alone.push(i);
  }
  return alone;
}
