import { createHmac, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { DeliveryEvent } from './delivery-events.ts';
import { fulfilmentErrors } from './errors.ts';
import type { FulfilmentDeliveryEventKind as Kind } from './tables.ts';

/** What we read of an event of EasyPost; it tells much more. */
const Event = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  description: Type.String({ maxLength: 100 }),
  result: Type.Object({
    tracking_code: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
    status: Type.Optional(Type.String({ maxLength: 100 })),
    updated_at: Type.Optional(Type.String({ maxLength: 40 })),
    tracking_details: Type.Optional(
      Type.Array(
        Type.Object({ status: Type.Optional(Type.String()), datetime: Type.Optional(Type.String()) }),
      ),
    ),
  }),
});

const KINDS: Record<string, Kind> = {
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  available_for_pickup: 'out_for_delivery',
  delivered: 'delivered',
  return_to_sender: 'returned',
  failure: 'failed',
  error: 'failed',
};

/** Checks that EasyPost signed these bytes with the secret that we gave it. */
export function checkSignature(body: Buffer, signature: string | undefined, secret: string): void {
  const digest = createHmac('sha256', secret.normalize('NFKD')).update(body).digest('hex');
  const [told, right] = [Buffer.from(signature ?? ''), Buffer.from(`hmac-sha256-hex=${digest}`)];
  if (told.length !== right.length || !timingSafeEqual(told, right))
    throw fulfilmentErrors.signature_wrong({});
}

/** The delivery event in a message of EasyPost; undefined where it says something else, or nonsense. */
export function deliveryEventIn(body: Buffer, now: Date): DeliveryEvent | undefined {
  const message = parsed(body);
  if (!Value.Check(Event, message) || !message.description.startsWith('tracker.')) return undefined;
  const { tracking_code: trackingNumber, status = '', updated_at, tracking_details = [] } = message.result;
  const kind = KINDS[status];
  if (!trackingNumber || !kind) return undefined;
  const detail = tracking_details.findLast((each) => each.status === status);
  const told = new Date(detail?.datetime ?? updated_at ?? '');
  const occurredAt = Number.isNaN(told.getTime()) ? now : told;
  return { carrier: 'easypost', id: message.id, trackingNumber, kind, occurredAt, detail: status };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
