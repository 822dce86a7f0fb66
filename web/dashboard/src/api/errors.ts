import { StashError, StashUnreachableError } from '@stashai/client';

/** The HTTP status of a refusal; 0 for anything else. */
export function statusOf(error: unknown): number {
  return error instanceof StashError ? (error.status ?? 0) : 0;
}

/** True if nobody answered, or only a proxy before the server. */
export function isOffline(error: unknown): boolean {
  return error instanceof StashUnreachableError || statusOf(error) === 502 || statusOf(error) === 504;
}

/** True if what was asked for is not there any more, or not for this caller: what is known of it from before is not shown either. */
export function isFinal(error: unknown): boolean {
  return [401, 403, 404, 410].includes(statusOf(error));
}

/** True if the message is the server's, or the client's own words of what it answered. */
export function isOfServer(error: unknown): boolean {
  return error instanceof StashError;
}
