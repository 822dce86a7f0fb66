import type { Key } from './queries';

type Held = Pick<Key, 'id' | 'name' | 'role' | 'expires_at'>;

/** What a revocation takes away besides the key: the login of this page, and the last key that may make others. */
export type Risk = 'ownKey' | 'lastAdmin';

/** True for an admin key that is valid now. */
function isAdmin(key: Held, now: number): boolean {
  return key.role === 'admin' && (key.expires_at === null || Date.parse(key.expires_at) > now);
}

/**
 * What the revocation of a key would take away.
 * @param keys All keys; undefined while some are not read.
 * @param own The name of the key that this page is logged in with.
 */
export function risksOf(key: Held, keys: readonly Held[] | undefined, own: string, now: number): readonly Risk[] {
  const risks: Risk[] = [];
  if (key.name === own) risks.push('ownKey');
  if (keys && isAdmin(key, now) && !keys.some(one => one.id !== key.id && isAdmin(one, now))) risks.push('lastAdmin');
  return risks;
}

/** When the last admin key expires, as the API wrote it; undefined if one never does, or if there is none. */
export function lastAdminUntil(keys: readonly Held[], now: number): string | undefined {
  const ends = keys.filter(key => isAdmin(key, now)).map(key => key.expires_at);
  if (ends.includes(null)) return undefined;
  return (ends as string[]).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
