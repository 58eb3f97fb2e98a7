import { sql } from 'kysely';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addJob, emit } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { type Carrier, CarrierRefusal, type Label, type ParcelSize } from './carrier.ts';
import { carriersOf, MANUAL } from './carriers.ts';
import { noteSent } from '../orders/index.ts';
import { withdraw } from '../routing/index.ts';
import { byVariant } from './broker-again.ts';
import { fulfilmentErrors } from './errors.ts';
import { type FulfilmentLine, fulfilmentOrderById, linesOf } from './fulfilment-order.ts';
import { letGo } from './let-go.ts';
import { queueNotice } from './notice.ts';
import { own } from './own.ts';
import { endsOf } from './parcel-ends.ts';
import { type Shipment, shipmentById } from './shipment.ts';
import { takeStep } from './step.ts';
import { refuseUnlessWanted } from './still-wanted.ts';
import { TELL_TEST_DELIVERY } from './test-delivery.ts';

export interface ShipmentWish {
  /** Made by the caller, so that a retry is the same shipment: the carrier sells one label. */
  id: string;
  fulfilmentOrderId: string;
  carrier: string;
  /** The number is typed for the carrier `manual` only. */
  parcels: readonly (ParcelSize & { trackingNumber?: string })[];
  actorId?: string;
}

export const ASK_CARRIER = 'fulfilment.ask_carrier';
/** A carrier that has not answered by then is asked again, in case the process that asked it died. */
const ASK_AGAIN_SECONDS = 60;

type ShippingDeps = Pick<Deps, 'db' | 'config' | 'now'>;

/**
 * Sends what a fulfilment order holds. The shipment is written down, the carrier is asked for its labels, then goods and
 * books move: each a transaction of its own, and the carrier is asked between them. A carrier that does not answer is
 * asked again by a job; until then the shipment stands as `asked`.
 */
export async function ship(
  deps: ShippingDeps,
  wish: ShipmentWish,
  carriers: readonly Carrier[] = carriersOf(deps.config),
): Promise<Shipment> {
  const { db, now } = deps;
  checkCarrier(wish, carriers);
  await inTransaction(db, (tx) => begin(tx, wish, now()));
  try {
    await askCarrier(deps, wish.id, carriers);
  } catch (error) {
    if (!(error instanceof CarrierSilence)) throw error;
  }
  const shipment = await shipmentById(db, wish.id);
  const { carrier, state, fault, fulfilmentOrderId } = shipment;
  if (state === 'failed' && fault === CANCELLED)
    throw fulfilmentErrors.cancelled_meanwhile({ fulfilmentOrderId });
  if (state === 'failed') throw fulfilmentErrors.carrier_refused({ carrier, reason: fault });
  return shipment;
}

/** Nobody knows whether the carrier took it. */
export class CarrierSilence extends Error {
  override name = 'CarrierSilence';
}

/** Gets the labels that are missing and lets the goods go; what is done already is not done again. */
export async function askCarrier(
  { db, config, now }: ShippingDeps,
  shipmentId: string,
  carriers: readonly Carrier[] = carriersOf(config),
): Promise<void> {
  const { carrier: name, state } = await shipmentById(db, shipmentId);
  if (state !== 'asked') return;
  const carrier = carriers.find((each) => each.name === name);
  if (carrier) {
    try {
      await getLabels(db, shipmentId, carrier);
    } catch (error) {
      if (!(error instanceof CarrierRefusal))
        throw new CarrierSilence(`${name} gave no label for shipment ${shipmentId}`, { cause: error });
      return inTransaction(db, (tx) => giveUp(tx, shipmentId, error.message));
    }
  }
  try {
    await inTransaction(db, (tx) => finish(tx, shipmentId, now()));
  } catch (error) {
    if (!isCancelled(error)) throw error;
    // What is left of the part is sent anew, once the cancelled units are out of it.
    await inTransaction(db, (tx) => giveUp(tx, shipmentId, CANCELLED));
  }
}

const CANCELLED = 'cancelled meanwhile';
const isCancelled = (error: unknown) =>
  error instanceof AppError && error.code === fulfilmentErrors.cancelled_meanwhile.code;

function checkCarrier({ carrier, parcels }: ShipmentWish, carriers: readonly Carrier[]): void {
  if (carrier !== MANUAL && !carriers.some(({ name }) => name === carrier))
    throw fulfilmentErrors.carrier_unknown({ carrier });
  const isTyped = parcels.every(({ trackingNumber }) => trackingNumber !== undefined);
  if (carrier === MANUAL && !isTyped) throw fulfilmentErrors.tracking_number_missing({ carrier });
}

async function begin(tx: Tx, wish: ShipmentWish, now: Date): Promise<void> {
  const { id, fulfilmentOrderId, carrier, parcels, actorId } = wish;
  const part = await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select(['order_id as orderId', 'location_id as locationId'])
    .where('id', '=', fulfilmentOrderId)
    .where('state', '=', 'packed')
    .executeTakeFirst();
  if (part) await refuseUnlessWanted(tx, { fulfilmentOrderId, ...part });
  const { rows: begun } = await sql`
    with packed as (
      select id, order_id, location_id from fulfilment.fulfilment_order
      where id = ${fulfilmentOrderId} and state = 'packed' and pickup_location_id is distinct from location_id
      for update
    )
    insert into fulfilment.shipment (id, fulfilment_order_id, order_id, location_id, carrier, actor_id, asked_at)
    select ${id}, id, order_id, location_id, ${carrier}, ${actorId ?? null}::uuid, ${now}::timestamptz from packed
    on conflict do nothing
    returning id`.execute(tx);
  if (begun.length === 0) return refuseUnlessSame(tx, wish);
  await own(tx)
    .insertInto('fulfilment.parcel')
    .values(
      parcels.map((parcel, index) => ({
        shipment_id: id,
        position: index + 1,
        weight_grams: parcel.weightGrams,
        length_mm: parcel.lengthMm ?? null,
        width_mm: parcel.widthMm ?? null,
        height_mm: parcel.heightMm ?? null,
        tracking_number: carrier === MANUAL ? (parcel.trackingNumber ?? null) : null,
      })),
    )
    .execute();
  const runAt = new Date(now.getTime() + ASK_AGAIN_SECONDS * 1000);
  await addJob(tx, ASK_CARRIER, { shipmentId: id }, id, { runAt });
}

async function refuseUnlessSame(tx: Tx, { id, fulfilmentOrderId, carrier }: ShipmentWish): Promise<void> {
  const live = await own(tx)
    .selectFrom('fulfilment.shipment')
    .select(['id', 'fulfilment_order_id as of', 'carrier'])
    .where((eb) =>
      eb.or([
        eb('id', '=', id),
        eb.and([eb('fulfilment_order_id', '=', fulfilmentOrderId), eb('state', '<>', 'failed')]),
      ]),
    )
    .execute();
  const same = live.find((each) => each.id === id);
  if (same?.of === fulfilmentOrderId && same.carrier === carrier) return;
  if (same) throw fulfilmentErrors.shipment_differs({ shipmentId: id });
  const [other] = live;
  if (other) throw fulfilmentErrors.shipment_under_way({ shipmentId: other.id });
  const order = await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select('state')
    .where('id', '=', fulfilmentOrderId)
    .executeTakeFirst();
  if (!order) throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId });
  throw fulfilmentErrors.step_not_open({ fulfilmentOrderId, state: order.state, wanted: 'shipped' });
}

async function getLabels(db: Db, shipmentId: string, carrier: Carrier): Promise<void> {
  const ends = await endsOf(db, shipmentId);
  if (!ends) throw new CarrierRefusal('the order has no address');
  const parcels = await own(db)
    .selectFrom('fulfilment.parcel')
    .selectAll()
    .where('shipment_id', '=', shipmentId)
    .where('tracking_number', 'is', null)
    .orderBy('position')
    .execute();
  for (const { position, weight_grams, length_mm, width_mm, height_mm, carrier_ref } of parcels) {
    const label = await carrier.label(
      {
        reference: `${shipmentId}:${position}`,
        carrierRef: carrier_ref,
        weightGrams: weight_grams,
        ...(length_mm !== null && { lengthMm: length_mm }),
        ...(width_mm !== null && { widthMm: width_mm }),
        ...(height_mm !== null && { heightMm: height_mm }),
        ...ends,
      },
      (carrierRef) => keep(db, shipmentId, position, { carrier_ref: carrierRef }),
    );
    await keep(db, shipmentId, position, columnsOf(label));
  }
}

const columnsOf = ({ trackingNumber, trackingUrl, labelUrl }: Label) => ({
  tracking_number: trackingNumber,
  tracking_url: trackingUrl,
  label_url: labelUrl,
});

const keep = (
  db: Db,
  shipmentId: string,
  position: number,
  values: { carrier_ref: string } | ReturnType<typeof columnsOf>,
): Promise<void> =>
  inTransaction(db, async (tx) => {
    await own(tx)
      .updateTable('fulfilment.parcel')
      .set(values)
      .where('shipment_id', '=', shipmentId)
      .where('position', '=', position)
      .where('tracking_number', 'is', null)
      .execute();
  });

async function giveUp(tx: Tx, shipmentId: string, fault: string): Promise<void> {
  await own(tx)
    .updateTable('fulfilment.shipment')
    .set({ state: 'failed', fault: fault.slice(0, 500) })
    .where('id', '=', shipmentId)
    .where('state', '=', 'asked')
    .execute();
}

/** The goods are gone: order, stock and shipment say so together. */
async function finish(tx: Tx, shipmentId: string, now: Date): Promise<void> {
  const about = await shipmentById(tx, shipmentId);
  if (about.state !== 'asked') return;
  await refuseUnlessWanted(tx, about);
  const sent = await own(tx)
    .updateTable('fulfilment.shipment')
    .set({ state: 'shipped', shipped_at: now })
    .where('id', '=', shipmentId)
    .where('state', '=', 'asked')
    .returning([
      'fulfilment_order_id as fulfilmentOrderId',
      'order_id as orderId',
      'location_id as locationId',
      'carrier',
      'actor_id as actorId',
    ])
    .executeTakeFirst();
  if (!sent) return;
  const { fulfilmentOrderId, orderId, locationId, carrier } = sent;
  const actor = sent.actorId === null ? {} : { actorId: sent.actorId };
  await takeStep(tx, { id: shipmentId, fulfilmentOrderId, to: 'shipped', ...actor }, now);
  const lines = (await linesOf(tx, fulfilmentOrderId)).filter(({ remaining }) => remaining > 0);
  await letGo(tx, { id: shipmentId, at: now, ...actor }, { orderId, locationId }, lines);
  if (carrier === 'test')
    await addJob(tx, TELL_TEST_DELIVERY, { shipmentId }, shipmentId, { runAt: soon(now) });
  const { pickupLocationId } = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (pickupLocationId !== null)
    return moveToStore(tx, fulfilmentOrderId, { id: shipmentId, at: now }, lines);
  const units = lines.map(({ orderLineId: lineId, variantId, remaining: quantity }) => ({
    lineId,
    variantId,
    quantity,
  }));
  const occurredAt = now.toISOString();
  const shipment = { orderId, fulfilmentOrderId, shipmentId, locationId, lines: units, occurredAt };
  await noteSent(tx, shipment);
  await emit(tx, fulfilmentShipped, { ...shipment, byParcel: true });
  await queueNotice(tx, shipmentId);
}

/** It left the giver's books for the store where it is collected, and is the buyer's: no location keeps it any more. */
async function moveToStore(
  tx: Tx,
  assignmentId: string,
  { id, at }: { id: string; at: Date },
  lines: readonly FulfilmentLine[],
): Promise<void> {
  const units = lines.map(({ remaining: quantity, ...line }) => ({ ...line, quantity }));
  await withdraw(tx, { id, assignmentId, at }, byVariant(units));
  await own(tx)
    .updateTable('fulfilment.fulfilment_order_line')
    .set((eb) => ({ moved: eb.ref('remaining') }))
    .where('fulfilment_order_id', '=', assignmentId)
    .execute();
}

const soon = (now: Date) => new Date(now.getTime() + 60_000);
