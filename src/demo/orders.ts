import { idOf } from '#platform/ids.ts';
import { type PastLine, type PastOrder, pastLineId, type PastReturn } from '../modules/orders/index.ts';
import { areaOf } from './areas.ts';
import { demoCostMinor, servingOfReturn, servingOfSale } from './costs.ts';
import { priceIn } from './currency.ts';
import { type Random, seeded } from './pictures/index.ts';
import { DEMO_LOCATIONS } from './stores.ts';

/** What the year's buyers can buy. */
export interface DemoVariant {
  variantId: string;
  productId: string;
  title: string;
  options: string;
  amountMinor: number;
  /** How often it is picked beside the others. */
  weight: number;
}

interface DemoYear {
  variants: readonly DemoVariant[];
  customers: readonly string[];
  orderCount: number;
  /** The day after the last one, `YYYY-MM-DD`. */
  until: string;
  currency: string;
  timeZone: string;
}

const TOUCHPOINTS = weighted([
  ['web', 44],
  ['till', 27],
  ['app', 9],
  ['network:instagram', 5],
  ['network:pinterest', 5],
  ['marketplace:bol', 4],
  ['embed', 2],
  ['service', 2],
  ['agent', 2],
] as const);

const REGIONS = weighted([
  ['NL', 300],
  ['DE', 210],
  ['BE', 150],
  ['FR', 140],
  ['GB', 34],
  ['AT', 26],
  ['IT', 24],
  ['ES', 24],
  ['DK', 18],
  ['SE', 17],
  ['US', 16],
  ['LU', 12],
  ['CH', 11],
  ['PT', 9],
  ['IE', 8],
  ['PL', 8],
  ['FI', 7],
  ['NO', 6],
  ['CZ', 5],
  ['JP', 5],
  ['CA', 4],
  ['AU', 4],
  ['GR', 3],
  ['HU', 2],
  ['KR', 2],
  ['MX', 1],
  ['BR', 1],
  ['ZA', 1],
  ['IN', 1],
  ['AE', 1],
] as const);

const REASONS = [
  'changed mind',
  'colour differs from the picture',
  'too large',
  'too small',
  'arrived damaged',
];
const YEAR_DAYS = 365;
const FREE_POSTAGE_FROM_MINOR = 7500;
const POSTAGE_MINOR = 595;
const DAY_MS = 86_400_000;

export interface DemoDay {
  orders: PastOrder[];
  returns: PastReturn[];
}

/** A year of orders and returns, a day at a time, oldest first. The same seed, size and day give the same year. */
export function* demoYear(year: DemoYear): Generator<DemoDay> {
  const random = seeded(`year ${year.orderCount}`);
  const pickVariant = weighted(year.variants.map((variant) => [variant, variant.weight] as const));
  const buyerOn = comingAndGoing(year.customers);
  const first = Date.parse(`${year.until}T00:00:00Z`) - YEAR_DAYS * DAY_MS;
  const busyness = Array.from({ length: YEAR_DAYS }, (_, index) =>
    busynessOf(new Date(first + index * DAY_MS), index, random),
  );
  const total = busyness.reduce((sum, each) => sum + each, 0);
  const waiting: PastReturn[][] = Array.from({ length: YEAR_DAYS }, () => []);
  let number = 0;
  let due = 0;
  for (let index = 0; index < YEAR_DAYS; index++) {
    due += ((busyness[index] ?? 0) / total) * year.orderCount;
    const today = new Date(first + index * DAY_MS).toISOString().slice(0, 10);
    const orders: PastOrder[] = [];
    while (number < Math.round(due)) {
      number += 1;
      const order = oneOrder(random, year, pickVariant, number, {
        day: today,
        buyer: (picked) => buyerOn(picked, index),
      });
      orders.push(order);
      const back = random.chance(0.06) ? oneReturn(random, order, index, first) : undefined;
      if (back) waiting[back.index]?.push(back.entry);
    }
    orders.sort((a, b) => a.placedAt.getTime() - b.placedAt.getTime());
    yield { orders, returns: waiting[index] ?? [] };
  }
}

/** Whether a parcel carries a document's goods: most of them. */
const isByParcel = (externalRef: string): boolean => seeded(`parcel ${externalRef}`).chance(0.75);

/** Weekends and the weeks before the winter holidays are busier, and the shop grows. */
function busynessOf(date: Date, index: number, random: Random): number {
  const weekday = [0.95, 0.82, 0.86, 0.9, 1.02, 1.12, 1.3][date.getUTCDay()] ?? 1;
  const month = [0.9, 0.82, 0.9, 0.95, 1.02, 0.95, 0.84, 0.86, 1, 1.08, 1.35, 1.7][date.getUTCMonth()] ?? 1;
  return weekday * month * (1 + (0.35 * index) / YEAR_DAYS) * Math.max(0.5, random.normal(1, 0.09));
}

function oneOrder(
  random: Random,
  year: DemoYear,
  pickVariant: (random: Random) => DemoVariant,
  sequence: number,
  { day, buyer }: { day: string; buyer: (picked: number) => string | null },
): PastOrder {
  const externalRef = String(sequence).padStart(7, '0');
  const touchpoint = TOUCHPOINTS(random);
  const regionCode = areaOf(REGIONS(random), sequence);
  const lines = goodsLines(random, pickVariant);
  const goods = lines.reduce((sum, line) => sum + line.netMinor, 0);
  if (random.chance(0.85) && goods < priceIn(year.currency, FREE_POSTAGE_FROM_MINOR)) {
    const postage = priceIn(year.currency, POSTAGE_MINOR);
    lines.push({
      kind: 'postage',
      productId: null,
      variantId: null,
      title: 'Delivery',
      quantity: 1,
      unitPriceMinor: postage,
      discountMinor: 0,
      netMinor: postage,
    });
  }
  const customerId = random.chance(0.04) ? null : buyer(loyalPick(random, year.customers));
  const placedAt = momentOf(random, day);
  return {
    id: idOf('demo:order', externalRef, placedAt.getTime()),
    source: 'demo',
    externalRef,
    number: `D-${externalRef}`,
    customerId,
    touchpoint,
    currency: year.currency,
    regionCode,
    placedAt,
    businessDay: day,
    lines,
    served: servingOfSale({ currency: year.currency, lines }, isByParcel(externalRef)),
  };
}

function goodsLines(random: Random, pickVariant: (random: Random) => DemoVariant): PastLine[] {
  const count = Math.min(6, 1 + Math.floor(-Math.log(1 - random.next()) * 1.1));
  const chosen = new Map<string, DemoVariant>();
  for (let i = 0; i < count; i++) {
    const variant = pickVariant(random);
    chosen.set(variant.variantId, variant);
  }
  const isOffer = random.chance(0.12);
  return [...chosen.values()].map((variant) => {
    const quantity = random.chance(0.78) ? 1 : random.int(2, variant.amountMinor < 5000 ? 6 : 3);
    const gross = quantity * variant.amountMinor;
    const discountMinor = isOffer ? Math.round(gross / 10) : 0;
    return {
      kind: 'goods',
      productId: variant.productId,
      variantId: variant.variantId,
      title: variant.title,
      options: variant.options,
      quantity,
      unitPriceMinor: variant.amountMinor,
      discountMinor,
      netMinor: gross - discountMinor,
      locationId: random.pick(DEMO_LOCATIONS).id,
      costMinor: quantity * demoCostMinor(variant),
    };
  });
}

/** Some of what was sold comes back one to four weeks later: a whole line of it. */
function oneReturn(random: Random, order: PastOrder, index: number, first: number) {
  const later = index + random.int(5, 28);
  const position = random.int(0, order.lines.filter((line) => line.kind === 'goods').length - 1);
  const line = order.lines[position];
  if (later >= YEAR_DAYS || !line) return undefined;
  const businessDay = new Date(first + later * DAY_MS).toISOString().slice(0, 10);
  const externalRef = `R${order.externalRef}`;
  const touchpoint = random.chance(0.5) ? 'till' : order.touchpoint;
  const returnedAt = momentOf(random, businessDay);
  const entry: PastReturn = {
    id: idOf('demo:return', externalRef, returnedAt.getTime()),
    source: 'demo',
    externalRef,
    number: `DR-${order.externalRef}`,
    orderId: order.id,
    customerId: order.customerId,
    touchpoint,
    currency: order.currency,
    regionCode: order.regionCode,
    returnedAt,
    businessDay,
    lines: [
      {
        kind: 'goods',
        productId: line.productId,
        variantId: line.variantId,
        title: line.title,
        quantity: line.quantity,
        amountMinor: line.netMinor,
        reason: random.pick(REASONS),
        orderLineId: pastLineId(order.id, position + 1),
        ...(line.costMinor !== undefined && { costMinor: line.costMinor }),
      },
    ],
    served: servingOfReturn(order.currency, line.locationId ?? null, isByParcel(externalRef)),
  };
  return { index: later, entry };
}

/** Some buy often, most buy once or twice: the square puts more weight on the front of the list. */
const loyalPick = (random: Random, customers: readonly string[]): number =>
  Math.floor(random.next() ** 2 * customers.length);

const TRIES = 40;

/**
 * Who buys next. Some come in the course of the year, and after each order some do not come again, each as they are: what
 * models of purchases suppose of people. Its chances are of its own, so that a year has the same orders whoever buys.
 */
function comingAndGoing(customers: readonly string[]) {
  const random = seeded(`stay ${customers.length}`);
  const lives = customers.map(() => ({
    from: random.chance(0.5) ? 0 : random.int(0, YEAR_DAYS - 1),
    leaves: random.next() ** 2 * 0.4,
    isGone: false,
  }));
  return (picked: number, day: number): string | null => {
    let index = picked;
    for (let tries = 0; tries < TRIES; tries++) {
      const life = lives[index];
      if (life && !life.isGone && life.from <= day) {
        life.isGone = random.chance(life.leaves);
        return customers[index] ?? null;
      }
      index = loyalPick(random, customers);
    }
    return customers[picked] ?? null;
  };
}

/** A moment of the day when people are awake in Europe. */
const momentOf = (random: Random, day: string): Date => {
  const minutes = Math.min(20 * 60, Math.max(7 * 60, Math.round(random.normal(15 * 60, 190))));
  return new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000 + random.int(0, 59_999));
};

/** Picks in proportion to weight, by bisection. */
function weighted<T>(entries: readonly (readonly [T, number])[]): (random: Random) => T {
  const sums: number[] = [];
  let sum = 0;
  for (const [, weight] of entries) sums.push((sum += weight));
  return (random) => {
    const target = random.next() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    const entry = entries[low];
    if (!entry) throw new RangeError('nothing to pick from');
    return entry[0];
  };
}
