import 'uplot/dist/uPlot.min.css';
import { useEffect, useId, useRef } from 'react';
import uPlot from 'uplot';
import { formatClock, formatDay } from '../../format/times';
import { useTheme } from '../../styles/useTheme';
import { aloneIn, type Columns, isEmpty, lastOf } from './series';

export interface Line {
  readonly label: string;
  /** A name of styles/tokens.css, such as `--good`. */
  readonly colour: string;
  readonly dash?: number[];
}

interface ChartProps {
  readonly title: string;
  readonly columns: Columns;
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** What stands there while all values are 0. */
  readonly empty: string;
}

const height = 132;
const day = 86_400;

/** Lines over time. The newest values stand above it as text, which is also what is read aloud. */
export function Chart({ title, columns, lines, format, empty }: ChartProps) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useTheme();
  const latest = useRef({ columns, format });
  latest.current = { columns, format };
  const shape = lines.map(line => `${line.label}${line.colour}`).join('|');

  // biome-ignore lint/correctness/useExhaustiveDependencies: made again for other lines or colours; data goes in below.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf(element, lines, value => latest.current.format(value)),
      latest.current.columns,
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, theme]);
  useEffect(() => plot.current?.setData(columns), [columns]);

  return (
    <section className="overview-chart" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul className="overview-legend">
        {lines.map((line, index) => {
          const value = lastOf(columns[index + 1] ?? []);
          return (
            <li key={line.label}>
              <span className="overview-line" style={{ background: `var(${line.colour})` }} />
              {line.label} <b>{value === null ? '–' : format(value)}</b>
            </li>
          );
        })}
      </ul>
      <div className="overview-plot">
        <div ref={place} aria-hidden="true" />
        {isEmpty(columns) && <p className="quiet">{empty}</p>}
      </div>
    </section>
  );
}

function optionsOf(element: HTMLElement, lines: readonly Line[], format: (value: number) => string): uPlot.Options {
  const colour = (name: string) => {
    element.style.color = `var(${name})`;
    const value = getComputedStyle(element).color;
    element.style.color = '';
    return value;
  };
  const [quiet, line, font] = [colour('--quiet'), colour('--line'), '11px system-ui'];
  return {
    width: element.clientWidth,
    height,
    cursor: { y: false, points: { size: 6 } },
    legend: { show: false },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    series: [
      {},
      ...lines.map(one => ({
        label: one.label,
        stroke: colour(one.colour),
        width: 1.5,
        ...(one.dash ? { dash: one.dash } : {}),
        points: { show: false, size: 4, filter: (plot: uPlot, index: number) => aloneIn(plot.data[index] ?? []) },
        spanGaps: false,
      })),
    ],
    axes: [
      {
        stroke: quiet,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 24,
        space: 84,
        values: (_, moments, __, ___, step) => moments.map(at => (step >= day ? formatDay(at * 1000) : clock(at))),
      },
      {
        stroke: quiet,
        font,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        size: 52,
        space: 32,
        values: (_, values) => values.map(value => format(value)),
      },
    ],
  };
}

function clock(seconds: number): string {
  return formatClock(seconds * 1000, Date.now());
}
