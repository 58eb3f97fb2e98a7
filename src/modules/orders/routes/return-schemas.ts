import { Type } from 'typebox';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { RETURN_REASONS } from '../return-request.ts';
import { RETURN_STEPS } from '../return-step.ts';

const AMOUNT_MAX = 10 ** 12;
export const UNITS_MAX = 100_000;
const LINES_MAX = 100;
const Moment = Type.String({ format: 'date-time' });
const Kind = Type.Enum(['return', 'claim']);
const Reason = Type.Enum([...RETURN_REASONS]);
const RefundTo = Type.Enum(['original', 'store_credit']);
const Units = Type.Integer({ minimum: 0, maximum: UNITS_MAX });
const OrNull = Type.Union([Type.String(), Type.Null()]);

/** Lines are the writer's to break; no other control characters. */
const Words = Type.String({ maxLength: 1000, pattern: '^[^\\x00-\\x09\\x0b\\x0c\\x0e-\\x1f\\x7f]*$' });

export const ReturnWish = exactly({
  orderId: Id,
  kind: Type.Enum(['return', 'claim'], {
    default: 'return',
    description: 'claim: lost or broken on its way, nothing need come back',
  }),
  refundTo: Type.Enum(['original', 'store_credit'], { default: 'original' }),
  touchpoint: Type.String({
    default: 'web',
    pattern: '^(web|app|till|embed|service|agent|network:[a-z0-9-]{1,40}|marketplace:[a-z0-9-]{1,40})$',
  }),
  lines: Type.Array(
    exactly({
      lineId: Id,
      quantity: Type.Integer({ minimum: 1, maximum: UNITS_MAX }),
      reason: Reason,
    }),
    { minItems: 1, maxItems: LINES_MAX },
  ),
  note: Type.Optional(Words),
});

const Step = (to: (typeof RETURN_STEPS)[number]) => Type.Literal(to);

/** Each step with what it needs. */
export const ReturnStepWish = Type.Union([
  exactly({
    to: Step('approved'),
    answer: Type.Optional(Words),
    feeMinor: Type.Optional(
      Type.Integer({ minimum: 0, maximum: AMOUNT_MAX, description: 'in place of what the rules say' }),
    ),
    carrier: Type.Optional(
      Type.String({
        maxLength: 60,
        pattern: '^[^\\p{Cc}]*$',
        description: 'of a claim: who lost or broke it',
      }),
    ),
    locationId: Type.Optional({ ...Id, description: 'where it is to be sent' }),
    resend: Type.Optional(
      Type.Boolean({ description: 'of a claim: the same units are sent again, in place of money' }),
    ),
  }),
  exactly({ to: Step('refused'), answer: Words }),
  exactly({ to: Step('received'), locationId: Id }),
  exactly({
    to: Step('inspected'),
    lines: Type.Array(exactly({ lineId: Id, restock: Units, damage: Units, refuse: Units }), {
      minItems: 1,
      maxItems: LINES_MAX,
    }),
  }),
  exactly({ to: Step('closed') }),
  exactly({ to: Step('cancelled') }),
]);

export const Returnable = Type.Object({
  lineId: Id,
  variantId: Id,
  title: Type.String(),
  options: Type.String(),
  left: Type.Integer({ description: 'units that were sent and neither came back nor are on their way back' }),
  cameAt: Type.Union([Moment, Type.Null()]),
});

const State = Type.Enum(['requested', ...RETURN_STEPS]);

export const Return = Type.Object({
  id: Id,
  orderId: Id,
  orderNumber: Type.String(),
  currency: Currency,
  kind: Kind,
  state: State,
  touchpoint: Type.String(),
  refundTo: RefundTo,
  note: Type.String(),
  answer: Type.String(),
  carrier: Type.String(),
  locationId: OrNull,
  feeMinor: Type.Integer({ description: 'kept of the refund' }),
  refundMinor: Type.Union([Type.Integer(), Type.Null({ description: 'nothing is due yet' })]),
  dueOn: Type.Union([Type.String(), Type.Null()], {
    description: 'by when it must have come, where the money went back first',
  }),
  exchange: Type.Union([
    Type.Object({
      orderId: Id,
      orderNumber: Type.String(),
      state: Type.String(),
      valueMinor: Type.Integer({ description: 'what the goods are to pay of it' }),
      paidMinor: Type.Integer(),
      owedMinor: Type.Integer({ description: 'until they have come' }),
      releasedAt: Type.Union([Moment, Type.Null({ description: 'it is kept until they have come' })]),
    }),
    Type.Null({ description: 'money is wanted for it' }),
  ]),
  requestedAt: Moment,
  movedAt: Moment,
  lines: Type.Array(
    Type.Object({
      lineId: Id,
      variantId: Id,
      title: Type.String(),
      options: Type.String(),
      quantity: Type.Integer(),
      reason: Reason,
      restocked: Type.Integer(),
      damaged: Type.Integer(),
      refused: Type.Integer({ description: 'they go back to the buyer' }),
    }),
  ),
  steps: Type.Array(Type.Object({ id: Id, state: State, takenAt: Moment })),
});

export const ReturnRule = exactly({
  currency: Currency,
  feeMinor: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX }),
  earlyUpToMinor: Type.Union([
    Type.Integer({ minimum: 1, maximum: AMOUNT_MAX }),
    Type.Null({ description: 'never before the goods have come' }),
  ]),
  earlyOrdersMin: Type.Integer({ minimum: 1, maximum: 1000 }),
  arrivesWithinDays: Type.Integer({ minimum: 1, maximum: 365 }),
  exchangeUpToMinor: Type.Optional(
    Type.Union([
      Type.Integer({ minimum: 1, maximum: AMOUNT_MAX }),
      Type.Null({ description: 'what is wanted in exchange is never sent before the goods have come' }),
    ]),
  ),
  exchangeOrdersMin: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});
