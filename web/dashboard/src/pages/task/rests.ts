import type { Schemas, TaskDetail } from '../../api/types';

/** Seconds; a shorter pause is no rest, but the queue at work. */
export const leastRest = 0.1;

type Tried = Pick<TaskDetail, 'state' | 'started_at'> & {
  readonly attempts: readonly Pick<Schemas['Attempt'], 'started_at' | 'finished_at'>[];
};

/** How many seconds passed after each attempt until the next began, which may still run. Nothing after the last that is known. */
export function restsOf({ state, started_at, attempts }: Tried): readonly (number | undefined)[] {
  return attempts.map(({ finished_at }, index) => {
    const next =
      attempts[index + 1]?.started_at ?? (index === attempts.length - 1 && state === 'running' ? started_at : null);
    return finished_at && next ? (Date.parse(next) - Date.parse(finished_at)) / 1000 : undefined;
  });
}
