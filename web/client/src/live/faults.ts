import { StashUnavailableError, StashUnreachableError } from '../http/errors.js';

/** This way of following does not work here; the next one is tried. */
export class LiveUnsupported extends Error {}

/** True for a broken connection, or a way that does not work here; false for what the caller must know. */
export function isBreak(error: unknown): boolean {
  return (
    error instanceof LiveUnsupported || error instanceof StashUnreachableError || error instanceof StashUnavailableError
  );
}
