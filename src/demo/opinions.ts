import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { PastOrder } from '../modules/orders/index.ts';
import {
  MATTERS,
  noteContact,
  type PastOpinion,
  recordOpinions,
  type Scale,
  scalesNow,
  settleContact,
} from '../modules/satisfaction/index.ts';
import { type Random, seeded } from './pictures/index.ts';

/** So many orders of a year are asked about at most, evenly: a large demo shows the same shares. */
const OF_A_YEAR = 4_000;
const ANSWERED = 0.42;
/** So many take along what they bought: nothing is brought to them. */
const CARRIED_AWAY = 0.3;
/** So many of those that were asked about turned to staff, and of these again within a week. */
const [ASKED_STAFF, CAME_AGAIN] = [0.08, 0.22];
const SETTLED = 0.8;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TOUCHPOINTS = ['service', 'service', 'till', 'web'] as const;

/** How content a region is with what it had: some roads are longer than others. */
const moodOf = (regionCode: string, locationId: string | null): number =>
  0.68 +
  seeded(`mood ${regionCode}`).between(-0.14, 0.14) +
  seeded(`mood ${locationId}`).between(-0.08, 0.08);

/** What buyers of the year said of it, and what some of them asked staff: it was all over before the demo opens. */
export async function demoOpinions(
  tx: Tx,
  orders: readonly PastOrder[],
  { until, orderCount }: { until: string; orderCount: number },
): Promise<void> {
  const end = Date.parse(`${until}T00:00:00Z`);
  const each = Math.max(1, Math.round(orderCount / OF_A_YEAR));
  const asked = orders.filter(({ externalRef }) => Number(externalRef) % each === 0);
  const scales = await scalesNow(tx);
  const opinions = asked.flatMap((order) =>
    opinionsOf(order, end, (occasion) => scales.get(occasion) ?? 'csat'),
  );
  await recordOpinions(tx, opinions);
  for (const order of asked) await contactsOf(tx, order, end);
}

type ScaleOf = (occasion: 'purchase' | 'delivery') => Scale;

/** Every order is a purchase, and what is brought home a delivery; a buyer answers one of the two at most. */
function opinionsOf(order: PastOrder, end: number, scaleOf: ScaleOf): PastOpinion[] {
  const { id: orderId, customerId, touchpoint, regionCode, placedAt } = order;
  const random = seeded(`opinion ${order.externalRef}`);
  const locationId = order.lines.find(({ kind }) => kind === 'goods')?.locationId ?? null;
  const isCarriedAway = random.chance(CARRIED_AWAY);
  const answers = random.chance(ANSWERED)
    ? isCarriedAway || random.chance(0.5)
      ? 'purchase'
      : 'delivery'
    : undefined;
  const opinion = (occasion: 'purchase' | 'delivery', subjectId: string, occurredAt: Date): PastOpinion[] => {
    const givenAt = new Date(occurredAt.getTime() + random.int(1, 60) * HOUR_MS);
    const score = scoreOf(random, moodOf(regionCode, locationId), scaleOf(occasion));
    const way = isCarriedAway ? 'receipt' : random.chance(0.7) ? 'mail' : 'order_page';
    const isAnswered = answers === occasion && givenAt.getTime() < end;
    const whose = { orderId, customerId, touchpoint, regionCode };
    const where = occasion === 'delivery' || isCarriedAway ? locationId : null;
    const facts = { ...whose, occasion, subjectId, locationId: where, occurredAt };
    if (occurredAt.getTime() >= end) return [];
    return [{ ...facts, ...(isAnswered && { answer: { score, way, givenAt } }) }];
  };
  const arrivedAt = new Date(placedAt.getTime() + random.int(24, 96) * HOUR_MS);
  return [
    ...opinion('purchase', orderId, placedAt),
    ...(isCarriedAway ? [] : opinion('delivery', idOf('demo:delivered', orderId), arrivedAt)),
  ];
}

/** Most are content or very content, a few not at all: more where the mood is low. */
function scoreOf(random: Random, mood: number, scale: Scale): number {
  const isContent = random.chance(mood);
  if (scale === 'csat') return isContent ? random.int(4, 5) : random.int(1, 3);
  return isContent ? random.int(8, 10) : random.int(2, 7);
}

async function contactsOf(tx: Tx, order: PastOrder, end: number): Promise<void> {
  const random = seeded(`contact ${order.externalRef}`);
  if (!random.chance(ASKED_STAFF)) return;
  const matter = random.pick(MATTERS);
  const first = order.placedAt.getTime() + random.int(2, 120) * HOUR_MS;
  const times = [first, ...(random.chance(CAME_AGAIN) ? [first + random.int(10, 150) * HOUR_MS] : [])];
  for (const [index, time] of times.entries()) {
    const touchpoint = random.pick(TOUCHPOINTS);
    const isSettled = index === times.length - 1 && random.chance(SETTLED);
    if (time + DAY_MS >= end) return;
    const id = idOf('demo:contact', `${order.id} ${index}`);
    const facts = { id, orderId: order.id, matter, touchpoint, isSettled: false };
    const occurredAt = new Date(time);
    await noteContact(tx, 'system', { ...facts, occurredAt }, new Date(end));
    if (isSettled) await settleContact(tx, 'system', id, new Date(time + random.int(1, 20) * HOUR_MS));
  }
}
