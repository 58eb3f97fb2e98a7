import { Type } from 'typebox';
import type { Viewer } from '#platform/access.ts';
import { exactly, Id } from '#platform/schema.ts';

/** Who may work on fulfilment orders: those who run operations, and their machines. */
export const WORKERS = ['staff:operations', 'scope:fulfilment:write'] as const;
export const READERS = ['staff', 'scope:fulfilment:read'] as const;

export const STATES = [
  'waiting',
  'assigned',
  'accepted',
  'picked',
  'packed',
  'shipped',
  'delivered',
  'rejected',
  'expired',
  'cancelled',
  'ready',
  'collected',
  'not_collected',
] as const;
export const ById = exactly({ id: Id });
export const Done = Type.Object({ id: Id });
export const Note = Type.Optional(Type.String({ maxLength: 500 }));
export const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const Moment = Type.String({ format: 'date-time' });
const MomentOrNull = Type.Union([Moment, Type.Null()]);
const StringOrNull = Type.Union([Type.String(), Type.Null()]);
const IntegerOrNull = Type.Union([Type.Integer(), Type.Null()]);

export const Summary = {
  id: Id,
  orderId: Id,
  locationId: Id,
  state: Type.Enum([...STATES]),
  leavesOn: Type.String(),
  goodsOn: Type.Union([Type.String(), Type.Null()], {
    description: 'when the goods were to come that were not there yet',
  }),
  firstPromisedTo: Type.String(),
  promisedFrom: Type.String(),
  promisedTo: Type.String(),
  acceptBy: Moment,
  placedAt: Moment,
  assignedAt: Moment,
  acceptedAt: MomentOrNull,
  pickedAt: MomentOrNull,
  packedAt: MomentOrNull,
  shippedAt: MomentOrNull,
  deliveredAt: MomentOrNull,
  pickupLocationId: StringOrNull,
  readyAt: MomentOrNull,
  collectBy: MomentOrNull,
  movedAt: Type.Union([Moment, Type.Null()], {
    description: 'when it was promised for another day, at last; null: the first promise stands',
  }),
};

export const REASONS = ['not_in_stock', 'mismatch', 'damaged', 'other'] as const;

export const Whole = Type.Object({
  ...Summary,
  lines: Type.Array(
    Type.Object({
      orderLineId: Id,
      variantId: Id,
      quantity: Type.Integer(),
      rejected: Type.Integer(),
      cancelled: Type.Integer(),
      remaining: Type.Integer(),
      moved: Type.Integer({ description: 'sent to the store where it is collected' }),
    }),
  ),
  steps: Type.Array(
    Type.Object({
      id: Id,
      state: Type.Enum([...STATES]),
      takenAt: Moment,
      actorId: StringOrNull,
      note: Type.String(),
    }),
  ),
  rejections: Type.Array(
    Type.Object({
      id: Id,
      rejectedAt: Moment,
      actorId: StringOrNull,
      note: Type.String(),
      lines: Type.Array(
        Type.Object({
          orderLineId: Id,
          variantId: Id,
          quantity: Type.Integer(),
          reason: Type.Enum([...REASONS]),
          counted: IntegerOrNull,
        }),
      ),
    }),
  ),
});

export const EVENT_KINDS = ['in_transit', 'out_for_delivery', 'delivered', 'failed', 'returned'] as const;

export const ShipmentSchema = Type.Object({
  id: Id,
  fulfilmentOrderId: Id,
  orderId: Id,
  locationId: Id,
  carrier: Type.String(),
  state: Type.Enum(['asked', 'shipped', 'delivered', 'failed']),
  fault: Type.String(),
  askedAt: Moment,
  shippedAt: MomentOrNull,
  deliveredAt: MomentOrNull,
  parcels: Type.Array(
    Type.Object({
      position: Type.Integer(),
      weightGrams: Type.Integer(),
      lengthMm: IntegerOrNull,
      widthMm: IntegerOrNull,
      heightMm: IntegerOrNull,
      trackingNumber: StringOrNull,
      trackingUrl: StringOrNull,
      labelUrl: StringOrNull,
    }),
  ),
  events: Type.Array(
    Type.Object({
      position: Type.Integer(),
      kind: Type.Enum([...EVENT_KINDS]),
      occurredAt: Moment,
      detail: Type.String(),
    }),
  ),
});

/** Who the steps name: the member or the machine's key. */
export function actorOf({ memberId, keyId }: Viewer): { actorId?: string } {
  const actorId = memberId ?? keyId;
  return actorId === undefined ? {} : { actorId };
}

type Told<Value> = Value extends Date
  ? string
  : Value extends (infer Each)[]
    ? Told<Each>[]
    : Value extends object
      ? { [Key in keyof Value]: Told<Value[Key]> }
      : Value;

/** The same with its moments as JSON has them. */
export function told<Value>(value: Value): Told<Value> {
  if (value instanceof Date) return value.toISOString() as Told<Value>;
  if (Array.isArray(value)) return value.map((each) => told<unknown>(each)) as Told<Value>;
  if (typeof value !== 'object' || value === null) return value as Told<Value>;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, told<unknown>(each)]),
  ) as Told<Value>;
}
