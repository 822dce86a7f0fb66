import type { Me, Role } from './types';

const order: readonly Role[] = ['read', 'submit', 'operate', 'admin'];

/** True if somebody of this role may do what needs the other. The server decides; this only hides what it would refuse. */
export function roleIncludes(role: Role, needed: Role): boolean {
  return order.indexOf(role) >= order.indexOf(needed);
}

/** True for a job that the caller may change: its own, or any with the role `operate`. */
export function mayChangeJob(me: Me, job: { readonly owner: string | null }): boolean {
  if (roleIncludes(me.role, 'operate')) return true;
  return roleIncludes(me.role, 'submit') && (job.owner === null ? me.access === 'open' : job.owner === me.name);
}
