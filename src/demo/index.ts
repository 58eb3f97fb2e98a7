import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type BulkTx, openBulk } from '#platform/bulk.ts';
import { inTransaction } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import {
  type ImportedBrand,
  importCatalog,
  type ImportedPriceList,
  openWithPicture,
  refreshListings,
} from '../modules/catalog/index.ts';
import { customersFor, seedMember } from '../modules/identity/index.ts';
import { recordParts } from '../modules/fulfilment/index.ts';
import { freshness } from '../modules/insight/index.ts';
import { importLocations, openingStock } from '../modules/inventory/index.ts';
import { recordOrders, recordReturns } from '../modules/orders/index.ts';
import { importRegisters } from '../modules/till/index.ts';
import { type RecordedReview, recordReviews } from '../modules/reviews/index.ts';
import { demoAspects, demoMarks } from './aspects.ts';
import { pricedBeside, pricedIn, priceListsBeside } from './currency.ts';
import { demoLooks } from './looks.ts';
import { sellAhead, variantsAhead } from './ahead.ts';
import { demoCostMinor } from './costs.ts';
import { demoYear, type DemoVariant } from './orders.ts';
import { MAKER_KEYS, MAKER_STORIES, MAKERS, seeded } from './pictures/index.ts';
import { ATTRIBUTES, DEMO_CATEGORIES, type DemoProduct, demoProducts, SERIES_PER_MAKER } from './products.ts';
import { demoReviews } from './reviews.ts';
import { type Scale, SCALES, SIZES } from './size.ts';
import { DEMO_LOCATIONS, demoRegisters } from './stores.ts';
import { demoAreas } from './areas.ts';
import { demoDelivery } from './delivery.ts';
import { demoOpinions } from './opinions.ts';
import { demoOfEachOther } from './of-each-other.ts';
import { demoPosts } from './posts.ts';
import { demoSpending } from './spending.ts';
import { demoTerritories } from './territories.ts';
import { talkOfTheDemo } from './boards.ts';
import { partsOf } from './parts.ts';
import { demoMembers } from './people.ts';
import { shoppersAmong, visitsOfShoppers } from './shoppers.ts';
import { together } from './together.ts';
import { type DemoMedia, drawFaces, drawGalleries as drawn } from './media.ts';

export { type Scale, SCALES };

/** Who can sign in to the demo. The addresses are of a domain that nobody can have (RFC 2606). */
export const DEMO_SIGN_INS = [
  {
    who: 'Desk',
    name: 'Iris Beheer',
    email: 'desk@stoa.example',
    password: 'colonnade-desk',
    staffRoles: ['admin' as const],
  },
  {
    who: 'Till',
    name: 'Noor Kramer',
    email: 'till@stoa.example',
    password: 'colonnade-till',
    staffRoles: ['associate' as const],
  },
  { who: 'Shopper', name: 'Ada Verhoeven', email: 'ada@stoa.example', password: 'colonnade-ada' },
];

/** Called as the load goes on: what is being made, and how much of it. */
type Progress = (what: string, done: number, total: number) => void;

/**
 * The demo marketplace. Every part may be repeated: what is there stays, so a load that was cut short goes on.
 * The same seed makes the same shop on every machine; its year of orders ends on the day before `until`.
 */
export async function loadDemo(
  deps: Deps,
  scale: Scale,
  { progress = () => {}, until = today(deps) }: { progress?: Progress; until?: string } = {},
): Promise<void> {
  const size = SIZES[scale];
  const { currency } = deps.config;
  const products = demoProducts(size.series).take(size.productsMax);
  const pictured = [...demoProducts(Math.min(size.series, SERIES_PER_MAKER)).take(size.productsMax)];
  const media = await drawFaces(deps, pictured, size.pictureScale, (done, total) =>
    progress('pictures', done, total),
  );
  await using bulk = await openBulk(deps.databaseUrl);
  for (const { who: _who, ...member } of DEMO_SIGN_INS) await seedMember(deps, member);
  const sold: DemoVariant[] = [];
  const lists = priceListsBeside(currency);
  await bulk.run(async (tx) => {
    await importCatalog(tx, {
      source: 'demo',
      media: media.all,
      brands: brands(media),
      categories: DEMO_CATEGORIES.map((category) => ({ ...category, ...media.ofCategory(category.slug) })),
      attributes: ATTRIBUTES,
      currencies: lists,
      priceLists: lists,
      products: counted(products, { currency, lists, sold, media }, (done) =>
        progress('products', done, size.productsMax),
      ),
    });
    if (media.home.mediaId) await openWithPicture(tx.tx, media.home.mediaId);
    await importLocations(
      tx.tx,
      DEMO_LOCATIONS.map((location) => ({ ...location, ...media.ofPlace(location.code) })),
    );
  });
  await bulk.run(({ tx }) => importRegisters(tx, demoRegisters(currency)));
  const ahead = variantsAhead(size.series, size.productsMax);
  await stock(bulk, size.series, size.productsMax, new Set(ahead));
  await bulk.run(({ tx }) => sellAhead(tx, ahead, deps.now()));
  await bulk.run(({ tx }) => demoTerritories(tx, until, currency));
  await bulk.run(({ tx }) => demoSpending(tx, until, currency));
  await bulk.run(({ tx }) => demoAreas(tx));
  await bulk.run(({ tx }) => demoDelivery(tx, deps.now(), currency));
  const talkers = { members: await demoMembers(deps), products: pictured, media };
  await bulk.run((tx) => talkOfTheDemo(tx, { ...talkers, until: new Date(`${until}T00:00:00Z`) }));
  await bulk.run(({ tx }) => together(tx, talkers, deps.now()));
  await demoPosts(deps, (write) => bulk.run(write), pictured, { ...size, until });
  await demoLooks(deps, pictured);
  await demoOfEachOther(deps);
  await bulk.run(async ({ tx }) => {
    for (let first = 0; first < pictured.length; first += GALLERIES_A_JOB) {
      await addJob(tx, 'demo.draw_galleries', { scale, first }, `${scale} ${first}`, { isSlow: true });
    }
  });
  await year(bulk, deps, { scale, sold, until, progress, members: talkers.members });
  await visitsOfShoppers(deps, talkers.members, pictured, new Date(`${until}T00:00:00Z`));
  await bulk.run(({ tx }) => demoAspects(tx));
  await reviews(bulk, scale, until, [...talkers.members.values()]);
  await bulk.run(({ tx }) => addJob(tx, 'demo.count_customers', {}, 'demo'));
}

const COUNT_AGAIN_MS = 3_000;

/** Job `demo.count_customers`. The night's counts, as soon as the year of orders is in the numbers: nobody waits a night for them. */
export async function countDemoCustomers({ db, now }: Deps): Promise<void> {
  const isBehind = (await freshness(db)).behind;
  const runAt = new Date(now().getTime() + COUNT_AGAIN_MS);
  await inTransaction(db, async (tx) => {
    if (isBehind) return addJob(tx, 'demo.count_customers', {}, 'demo', { runAt });
    for (const count of ['insight.count_customers', 'insight.count_tastes'])
      await addJob(tx, count, {}, 'demo');
  });
}

const GALLERIES_A_JOB = 16;
const Galleries = Type.Object({ scale: Type.Enum(SCALES), first: Type.Integer() });

/**
 * Job `demo.draw_galleries`. The shop opens with one picture a product; the others are drawn once it is open, a few
 * products at a time. Repeating it draws the same pictures, which are there.
 */
export async function drawGalleries(deps: Deps, payload: unknown): Promise<void> {
  const { scale, first } = Value.Parse(Galleries, payload);
  const { series, productsMax, pictureScale } = SIZES[scale];
  const products = demoProducts(Math.min(series, SERIES_PER_MAKER))
    .take(productsMax)
    .drop(first)
    .take(GALLERIES_A_JOB)
    .toArray();
  const galleries = await drawn(deps, products, pictureScale);
  await using bulk = await openBulk(deps.databaseUrl);
  await bulk.run(async (tx) => {
    const records = products.map((product) => ({
      ...pricedIn(deps.config.currency, product.record),
      pictures: galleries.ofProduct(product),
    }));
    await importCatalog(tx, { source: 'demo', media: galleries.all, products: records });
    await refreshListings(
      tx.tx,
      records.map(({ id }) => id),
    );
  });
}

const today = ({ now, config }: Deps) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: config.timeZone }).format(now());

function brands(media: DemoMedia): ImportedBrand[] {
  return MAKER_KEYS.map((key) => {
    const maker = MAKERS[key];
    return {
      id: idOf('demo:brand', key),
      slug: key,
      name: maker.name,
      tagline: maker.intro,
      story: MAKER_STORIES[key].join('\n\n'),
      place: maker.place,
      countryCode: maker.country,
      foundedYear: maker.founded,
      colour: maker.tint,
      ...media.ofBrand(key),
    };
  });
}

interface CountedBy {
  currency: string;
  lists: readonly ImportedPriceList[];
  sold: DemoVariant[];
  media: DemoMedia;
}

/** The products' records with their pictures; beside it, what the year's buyers can choose from. */
function* counted(
  products: Iterable<DemoProduct>,
  { currency, lists, sold, media }: CountedBy,
  progress: (done: number) => void,
) {
  let count = 0;
  for (const product of products) {
    const { appeal } = product;
    const record = pricedBeside(lists, product.record, pricedIn(currency, product.record));
    for (const variant of record.variants) {
      const [offer] = variant.offers ?? [];
      if (!offer) continue;
      sold.push({
        variantId: variant.id,
        productId: record.id,
        title: record.title,
        options: (variant.optionValues ?? []).join(', '),
        amountMinor: offer.amountMinor,
        weight: appeal / record.variants.length,
      });
    }
    count += 1;
    if (count % 1000 === 0) progress(count);
    yield { ...record, unitsSold: Math.round(appeal * 40), pictures: media.ofProduct(product) };
  }
}

type Bulk = Awaited<ReturnType<typeof openBulk>>;
const BATCH = 20_000;

/** What stands on the shelves, as each variant's `availableAt` says; nothing of what is still to come. */
async function stock(
  bulk: Bulk,
  series: number,
  productsMax: number,
  ahead: ReadonlySet<string>,
): Promise<void> {
  const random = seeded('stock');
  let lines: Parameters<typeof openingStock>[1][number][] = [];
  const write = async () => {
    await bulk.run((tx) => openingStock(tx, lines));
    lines = [];
  };
  for (const { record } of demoProducts(series).take(productsMax)) {
    for (const variant of record.variants) {
      if (ahead.has(variant.id)) continue;
      const [offer] = variant.offers ?? [];
      const costMinor = demoCostMinor({ productId: record.id, amountMinor: offer?.amountMinor ?? 0 });
      for (const locationId of variant.availableAt ?? []) {
        const quantity = random.int(2, 40);
        lines.push({ variantId: variant.id, locationId, quantity, valueMinor: quantity * costMinor });
      }
    }
    if (lines.length > BATCH) await write();
  }
  await write();
}

interface Year {
  scale: Scale;
  sold: DemoVariant[];
  until: string;
  progress: Progress;
  members: ReadonlyMap<string, string>;
}

async function year(bulk: Bulk, deps: Deps, { scale, sold, until, progress, members }: Year): Promise<void> {
  const size = SIZES[scale];
  const refs = Array.from({ length: size.customers }, (_, n) => String(n + 1));
  const customers = await bulk.run((tx) => customersFor(tx, 'demo', refs));
  const days = demoYear({
    variants: sold,
    customers: await shoppersAmong(deps, members, [...customers.values()]),
    orderCount: size.orders,
    until,
    currency: deps.config.currency,
    timeZone: deps.config.timeZone,
  });
  let done = 0;
  for (const batch of inBatches(days, 4000)) {
    await bulk.run(async (tx: BulkTx) => {
      const orders = batch.flatMap((day) => day.orders);
      await recordOrders(tx, orders);
      await recordParts(tx, partsOf(orders, until, size.orders));
      await recordReturns(
        tx,
        batch.flatMap((day) => day.returns),
      );
      await demoOpinions(tx.tx, orders, { until, orderCount: size.orders });
    });
    done += batch.reduce((sum, day) => sum + day.orders.length, 0);
    progress('orders', done, size.orders);
  }
}

/** Days until they hold some thousands of orders: a transaction a batch. */
function* inBatches<Day extends { orders: readonly unknown[] }>(days: Iterable<Day>, ordersMin: number) {
  let batch: Day[] = [];
  let count = 0;
  for (const day of days) {
    batch.push(day);
    count += day.orders.length;
    if (count < ordersMin) continue;
    yield batch;
    batch = [];
    count = 0;
  }
  yield batch;
}

/** So many reviews to one of a member's: more than a product has, so that nobody speaks twice of one. */
const REVIEWS_A_MEMBER = 35;

/** Some are by members, the others by people without an account. */
async function reviews(bulk: Bulk, scale: Scale, until: string, members: readonly string[]): Promise<void> {
  const size = SIZES[scale];
  const products = demoProducts(size.series).take(size.productsMax);
  const batch: RecordedReview[] = [];
  let count = 0;
  const write = async () => {
    await bulk.run((tx) => recordReviews(tx, batch));
    batch.length = 0;
  };
  for (const review of demoReviews(products, size.reviewsPerProduct, new Date(`${until}T00:00:00Z`))) {
    const memberId =
      count % REVIEWS_A_MEMBER === 0 ? members[(count / REVIEWS_A_MEMBER) % members.length] : undefined;
    count += 1;
    const marked = { ...review, ...demoMarks(review.id, review.rating), ...(memberId && { memberId }) };
    if (batch.push(marked) === BATCH) await write();
  }
  await write();
}
