import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

/** Money that was only authorized is taken now. */
export const paymentCaptured = defineEvent(
  'payments.payment_captured.v1',
  Type.Object({ orderId: Type.String(), paymentId: Type.String(), amountMinor: Type.Integer() }),
);

/** A provider refused to give money back, for good: somebody has to see to it. */
export const refundRefused = defineEvent(
  'payments.refund_refused.v1',
  Type.Object({
    orderId: Type.String(),
    paymentId: Type.String(),
    operationId: Type.String(),
    amountMinor: Type.Integer(),
    reason: Type.String(), // the provider's word for it
  }),
);

/** A provider has news of a payment whose order may not stand yet: whoever placed it asks again. */
export const paymentAnswered = defineEvent(
  'payments.payment_answered.v1',
  Type.Object({ orderId: Type.String(), paymentId: Type.String() }),
);

/** What a provider took for taking or giving back money, or a correction of it. */
export const feeNoted = defineEvent(
  'payments.fee_noted.v1',
  Type.Object({
    orderId: Type.String(),
    paymentId: Type.String(),
    feeId: Type.String(), // of its entry in the ledger of fees
    isOfRefund: Type.Boolean(),
    amountMinor: Type.Integer(), // what it costs; negative for what came back
    currency: Type.String(), // of the payment
    occurredAt: Type.String(), // RFC 3339
  }),
);
