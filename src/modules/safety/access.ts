import type { Access } from '#platform/access.ts';

/** Who judges what members make. */
export const MODERATORS = ['staff:service', 'staff:merchant'] as const satisfies Access;
/** Who says what trust is earned by. */
export const RULE_SETTERS = 'staff:merchant' satisfies Access;
