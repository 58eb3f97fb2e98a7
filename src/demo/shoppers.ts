import { inTransaction } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { collectPast, type PastVisits } from '../modules/collector/index.ts';
import { consentAnswer, customerOfMember, setConsent } from '../modules/identity/index.ts';
import { type Random, seeded } from './pictures/index.ts';
import type { DemoProduct } from './products.ts';

const DAY_MS = 86_400_000;
const VISITED_DAYS = 120;
/** One in so many does not want to be counted, as in life. */
const REFUSES = 6;
const FAVOURITES = 2;

type Members = ReadonlyMap<string, string>;

/**
 * The year's customers with the demo's members among them, some of whom buy often: the nearer to the front, the more. They
 * agree to figures, most of them; what somebody has answered since stays.
 */
export async function shoppersAmong(
  deps: Pick<Deps, 'db'>,
  members: Members,
  customers: readonly string[],
): Promise<string[]> {
  const all = [...customers];
  await inTransaction(deps.db, async (tx) => {
    for (const [nth, memberId] of [...members.values()].entries()) {
      const place = Math.max(nth + 2, Math.floor(all.length * ((nth + 6) / (members.size + 8)) ** 2));
      all[place] = await customerOfMember(tx, memberId);
      if ((await consentAnswer(tx, { memberId }, 'analytics')) !== undefined) continue;
      const analytics = nth % REFUSES !== REFUSES - 1;
      await setConsent(tx, { memberId }, { analytics }, { touchpoint: 'web' });
    }
  });
  return all;
}

/** What members looked at in the shop until a day, each with a taste of their own. */
export const visitsOfShoppers = async (
  deps: Pick<Deps, 'db' | 'clickhouse' | 'now'>,
  members: Members,
  products: readonly DemoProduct[],
  until: Date,
): Promise<void> => {
  const byCategory = Map.groupBy(products, ({ range }) => range.category);
  await collectPast(
    deps,
    [...members].map(([handle, memberId]) => visitsOf(handle, memberId, byCategory, until)),
  );
};

function visitsOf(
  handle: string,
  memberId: string,
  byCategory: ReadonlyMap<string, readonly DemoProduct[]>,
  until: Date,
): PastVisits {
  const random = seeded(`visits ${handle}`);
  const categories = random.shuffle([...byCategory.keys()]);
  const liked = categories.slice(0, FAVOURITES);
  const visits = Array.from({ length: random.int(4, 11) }, () => random.int(1, VISITED_DAYS));
  const anonymousId = idOf('demo:browser', handle);
  const events = visits.flatMap((daysAgo, visit) => {
    let at = until.getTime() - daysAgo * DAY_MS + random.int(8 * 60, 21 * 60) * 60_000;
    return Array.from({ length: random.int(2, 6) }, (_, step) => {
      at += random.int(20, 240) * 1000;
      const category = random.chance(0.75) ? random.pick(liked) : random.pick(categories);
      const product = random.pick(byCategory.get(category) ?? []);
      const messageId = `demo-${handle}-${visit}-${step}`;
      return { messageId, anonymousId, timestamp: new Date(at).toISOString(), ...did(random, product) };
    });
  });
  return { memberId, events };
}

/** Most look, some put it into their cart, few hand it on. */
function did(random: Random, { record }: DemoProduct) {
  const event = random.chance(0.8)
    ? 'Product Viewed'
    : random.chance(0.75)
      ? 'Product Added'
      : 'Product Shared';
  const url = `https://stoa.example/products/${record.slug}`;
  const properties = { product_id: record.id, name: record.title };
  return { type: 'track' as const, event, properties, context: { page: { url } } };
}
