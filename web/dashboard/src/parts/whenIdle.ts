import type { ComponentType } from 'react';
import { lazyPart } from './patient';

/** By then a page has its first rows. */
const after = 1500;

/**
 * A component that a page may need only later, such as a menu. Its script is loaded once the page has shown itself, so that it opens at once
 * and also while the server is away; or when it is shown, if that comes first.
 */
export function whenIdle<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  setTimeout(() => void load().catch(() => undefined), after);
  return lazyPart(load);
}
