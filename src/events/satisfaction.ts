import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

const OrNull = Type.Union([Type.String(), Type.Null()]);
const Question = {
  questionId: Type.String(),
  occasion: Type.String(), // purchase, delivery, pick_up, return, case
  scale: Type.String(), // csat: 1 to 5; nps: 0 to 10
  touchpoint: Type.String(),
};

/** A mail asked somebody how it went. */
export const satisfactionAsked = defineEvent(
  'satisfaction.asked.v1',
  Type.Object({ ...Question, occurredAt: Type.String() }),
);

/** A customer turned to staff about an order, which cost their minutes. */
export const contactCosted = defineEvent(
  'satisfaction.contact_costed.v1',
  Type.Object({
    contactId: Type.String(),
    orderId: Type.String(),
    currency: Type.String(),
    amountMinor: Type.Integer(),
    occurredAt: Type.String(), // RFC 3339: when they came
  }),
);

/** Somebody said how it went, or said it anew: the highest version holds. */
export const satisfactionAnswered = defineEvent(
  'satisfaction.answered.v1',
  Type.Object({
    ...Question,
    answerId: Type.String(),
    version: Type.Integer(),
    score: Type.Integer(),
    orderId: OrNull,
    regionCode: Type.String(),
    locationId: OrNull,
    occurredAt: Type.String(), // RFC 3339: when it was said
  }),
);
