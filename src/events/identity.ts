import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

/** A member's personal data left `identity`: whoever keeps some of it elsewhere erases it now. */
export const memberErased = defineEvent(
  'identity.member_erased.v1',
  Type.Object({ memberId: Type.String({ format: 'uuid' }) }),
);
