/** How long a pause may last, as a person thinks of it. */
export const pauseChoices = ['resumed', 'hour', 'morning', 'own'] as const;
export type PauseChoice = (typeof pauseChoices)[number];

const hour = 3_600_000;

/** The next seven o'clock in the morning of the person. */
export function nextMorning(now: number): number {
  const at = new Date(now);
  at.setHours(7, 0, 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** When a pause of this choice ends; undefined until somebody resumes, NaN for a time of the person's that is none. */
export function endOf(choice: PauseChoice, own: string, now: number): number | undefined {
  switch (choice) {
    case 'resumed':
      return undefined;
    case 'hour':
      return now + hour;
    case 'morning':
      return nextMorning(now);
    case 'own':
      return Date.parse(own);
  }
}

/** A moment as a field for local times has it, to the minute. */
export function fieldTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
