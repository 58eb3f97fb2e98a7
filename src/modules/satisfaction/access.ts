import type { Access } from '#platform/access.ts';

/** Who says what is asked, and when. */
export const SATISFACTION_SETTERS = 'staff:merchant' satisfies Access;
/** Who reads what people wrote beside their score: those who serve them, and those who answer for what is sold. */
export const REMARK_READERS = [
  'staff:service',
  'staff:operations',
  'staff:merchant',
] as const satisfies Access;
/** Who reads what customers wrote to the shop, and answers it. */
export const LETTER_ANSWERERS = 'staff:service' satisfies Access;
