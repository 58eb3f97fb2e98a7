import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Viewer } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import type { Person } from './consent.ts';

const GUEST_COOKIE = 'stoa_guest';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The number that stands for a browser without an account. Random, and not in order of time: it tells nothing. */
export const newGuestId = () => randomUUID();

/** The number in the caller's cookie, when there is one. */
function guestIdIn({ cookie }: IncomingHttpHeaders): string | undefined {
  const start = `${GUEST_COOKIE}=`;
  const id = cookie
    ?.split(/; */)
    .find((each) => each.startsWith(start))
    ?.slice(start.length);
  return id && UUID.test(id) ? id : undefined;
}

export function guestCookie({ config }: Pick<Deps, 'config'>, guestId: string): string {
  const secure = config.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${GUEST_COOKIE}=${guestId}; Path=/; Max-Age=${YEAR_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

/** Whose consent counts for this caller. Undefined for a guest of whom nothing is remembered, and for a machine. */
export function personOf({ memberId }: Viewer, headers: IncomingHttpHeaders): Person | undefined {
  if (memberId) return { memberId };
  const guestId = guestIdIn(headers);
  return guestId ? { guestId } : undefined;
}
