/** A reason without its last full stop, for a line that goes on behind it. */
export function clause(reason: string): string {
  return reason.trimEnd().replace(/(?<!\.)\.$/, '');
}
