export const STAFF_ROLES = ['admin', 'merchant', 'operations', 'service', 'associate'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Who may call a route. Of several, one suffices. `staff` is any role of the desk; an admin has every role. */
type AccessRule = 'public' | 'member' | 'staff' | `staff:${StaffRole}` | `scope:${string}`;
export type Access = AccessRule | readonly AccessRule[];

/** Who calls: a guest, a member (who may be staff), or a machine with an API key. */
export interface Viewer {
  kind: 'guest' | 'member' | 'machine';
  memberId?: string;
  name?: string;
  email?: string;
  sessionId?: string;
  /** The API key of a machine. */
  keyId?: string;
  staffRoles: readonly StaffRole[];
  scopes: readonly string[];
}

export const GUEST: Viewer = Object.freeze({ kind: 'guest', staffRoles: [], scopes: [] });

/** The one place that decides whether somebody may call a route. */
export function mayEnter(viewer: Viewer, access: Access): boolean {
  const rules = typeof access === 'string' ? [access] : access;
  return rules.some((rule) => {
    if (rule === 'public') return true;
    if (rule === 'member') return viewer.kind === 'member';
    if (rule === 'staff') return viewer.staffRoles.some((role) => role !== 'associate');
    const [kind, name] = splitOnce(rule);
    if (kind === 'scope') return viewer.scopes.includes(name);
    return viewer.staffRoles.some((role) => role === name || role === 'admin');
  });
}

/** Who may enter the till: an associate, whom nothing of the desk is open to, and those who run the stores. */
export const TILL = ['staff:associate', 'staff:operations'] as const satisfies Access;

/** The roles of staff that serve buyers or send them their goods: they see names, addresses and what buyers wrote. */
export const PERSONAL_READERS = ['staff:service', 'staff:operations'] as const satisfies Access;

/** The one place that decides which staff see who a buyer is. Merchants work with figures and goods. */
export const mayReadPersonal = (viewer: Viewer): boolean => mayEnter(viewer, PERSONAL_READERS);

function splitOnce(rule: string): [string, string] {
  const colon = rule.indexOf(':');
  return [rule.slice(0, colon), rule.slice(colon + 1)];
}
