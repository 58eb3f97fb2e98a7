import type { Access } from '#platform/access.ts';

/** Who speaks for the shop, and takes away what must not stand. */
export const SPEAKERS = ['staff:service', 'staff:merchant'] as const satisfies Access;
/** Who says what is asked in reviews, and how the shop takes them. */
export const REVIEW_SETTERS = 'staff:merchant' satisfies Access;
