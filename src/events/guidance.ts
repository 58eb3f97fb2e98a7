import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

/** A figure of a market left the band that its own past lets expect. */
export const findingOpened = defineEvent(
  'guidance.finding_opened.v1',
  Type.Object({
    findingId: Type.String(),
    metric: Type.String(),
    region: Type.String(), // empty: all regions together
    currency: Type.String(),
    direction: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    day: Type.String(), // YYYY-MM-DD
    days: Type.Integer(), // so many up to it were judged together
    observed: Type.Number(),
    expected: Type.Number(),
  }),
);
