import { StashError } from '@stashai/client';

/** What a refusal of the server says of each field. */
export function refusalsOf(error: unknown): Record<string, string> {
  if (!(error instanceof StashError)) return {};
  const found: Record<string, string> = {};
  for (const one of error.errors)
    if (one.field) found[one.field.replace(/^(config|items?\[0\]|item)\./, '')] = one.reason;
  return found;
}
