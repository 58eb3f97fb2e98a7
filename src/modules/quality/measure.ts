import { sql } from 'kysely';
import { knownThings } from '#modules/catalog/index.ts';
import { hourOfSources, type Reference, referencesOf, shapesOf } from '#modules/collector/index.ts';
import {
  creditsFreshness,
  freshness,
  opinionsFreshness,
  serviceFreshness,
  stockFreshness,
} from '#modules/insight/index.ts';
import { knownRegions } from '#modules/market/index.ts';
import { knownOrders } from '#modules/orders/index.ts';
import { triesOfHour } from '#modules/webhooks/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { endpointFeed, type Feed, followerFeed, type FOLLOWERS, sourceFeed } from './feeds.ts';
import type { Measure } from './judge.ts';
import { own } from './own.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Measured {
  feed: string;
  measure: Measure;
  value: number;
  n: number;
}

type Measuring = Pick<Deps, 'db' | 'clickhouse' | 'now'>;

/** Measures an hour that is over, of every feed that is watched. Done again, it writes the same rows. */
export async function measureHour(deps: Measuring, watched: readonly Feed[], hour: Date): Promise<void> {
  const span = { from: hour, until: new Date(hour.getTime() + HOUR_MS) };
  const found = [
    ...(await sourcesIn(deps, watched, span)),
    ...(await endpointsIn(deps.db, watched, span)),
    ...(await followersNow(deps, span.until)),
  ];
  const day = new Date(Math.floor(hour.getTime() / DAY_MS) * DAY_MS);
  const shapes = await shapesOf(deps.clickhouse, { from: day, until: span.until });
  await inTransaction(deps.db, async (tx) => {
    await keepHour(tx, hour, found);
    await keepShapes(tx, day, shapes);
  });
}

interface Span {
  from: Date;
  until: Date;
}

/** A source that sent nothing has an hour with nothing. */
async function sourcesIn(
  { db, clickhouse }: Measuring,
  watched: readonly Feed[],
  span: Span,
): Promise<Measured[]> {
  const rows = new Map((await hourOfSources(clickhouse, span)).map((row) => [sourceFeed(row.sourceId), row]));
  const unmatched = await unmatchedIn(db, await referencesOf(clickhouse, span));
  return watched.flatMap(({ id: feed, kind }): Measured[] => {
    if (kind !== 'source') return [];
    const { arrivals = 0, firsts = 0, delaySeconds = 0 } = rows.get(feed) ?? {};
    const came: Measured = { feed, measure: 'arrivals', value: arrivals, n: arrivals };
    if (arrivals === 0) return [came];
    const { named = 0, unknown = 0 } = unmatched.get(feed) ?? {};
    return [
      came,
      { feed, measure: 'delay', value: delaySeconds, n: firsts },
      { feed, measure: 'duplicates', value: Math.max(0, arrivals - firsts) / arrivals, n: arrivals },
      ...(named > 0 ? [{ feed, measure: 'unmatched' as const, value: unknown / named, n: named }] : []),
    ];
  });
}

/** Of what the events of each source name, how much nobody knows. */
async function unmatchedIn(
  db: Db,
  references: readonly Reference[],
): Promise<Map<string, { named: number; unknown: number }>> {
  const namesOf = (what: Reference['what']) => [
    ...new Set(references.flatMap((each) => (each.what === what ? [each.name] : []))),
  ];
  const known = {
    product: await knownThings(db, namesOf('product')),
    order: await knownOrders(db, namesOf('order')),
    region: await knownRegions(db, namesOf('region')),
  };
  const sums = new Map<string, { named: number; unknown: number }>();
  for (const { sourceId, what, name, times } of references) {
    const sum = sums.get(sourceFeed(sourceId)) ?? { named: 0, unknown: 0 };
    sum.named += times;
    if (!known[what].has(name)) sum.unknown += times;
    sums.set(sourceFeed(sourceId), sum);
  }
  return sums;
}

async function endpointsIn(db: Db, watched: readonly Feed[], { from, until }: Span): Promise<Measured[]> {
  const rows = new Map(
    (await triesOfHour(db, from, until)).map((row) => [endpointFeed(row.endpointId), row]),
  );
  return watched.flatMap(({ id: feed, kind }): Measured[] => {
    if (kind !== 'endpoint') return [];
    const { tried: n = 0, failed = 0 } = rows.get(feed) ?? {};
    const sent: Measured = { feed, measure: 'arrivals', value: n, n };
    return n === 0 ? [sent] : [sent, { feed, measure: 'failures', value: failed / n, n }];
  });
}

/** How far behind our own followers are can only be seen now: an hour that is long over has no such row. */
async function followersNow({ db, now }: Measuring, until: Date): Promise<Measured[]> {
  if (now().getTime() - until.getTime() > HOUR_MS) return [];
  const [sales, credits] = [await freshness(db), await creditsFreshness(db)];
  const [stock, service] = [await stockFreshness(db), await serviceFreshness(db)];
  const opinions = await opinionsFreshness(db);
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db);
  const at = rows[0]?.now ?? now();
  return Object.entries({ sales, credits, stock, service, opinions }).map(([name, { asOf }]) => ({
    feed: followerFeed(name as (typeof FOLLOWERS)[number]),
    measure: 'delay',
    value: Math.max(0, at.getTime() - asOf.getTime()) / 1000,
    n: 1,
  }));
}

async function keepHour(tx: Tx, hour: Date, found: readonly Measured[]): Promise<void> {
  if (found.length === 0) return;
  await own(tx)
    .insertInto('quality.hour')
    .values(found.map((each) => ({ ...each, hour })))
    .onConflict((conflict) =>
      conflict
        .columns(['feed', 'measure', 'hour'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), n: eb.ref('excluded.n') })),
    )
    .execute();
}

async function keepShapes(tx: Tx, day: Date, shapes: Awaited<ReturnType<typeof shapesOf>>): Promise<void> {
  await sql`
    insert into quality.shape_day (feed, name, property, type, day, times)
    select feed, name, property, type, ${day.toISOString().slice(0, 10)}::date, times
    from unnest(${shapes.map(({ sourceId }) => sourceFeed(sourceId))}::text[], ${shapes.map(({ name }) => name)}::text[],
      ${shapes.map(({ property }) => property)}::text[], ${shapes.map(({ type }) => type)}::text[],
      ${shapes.map(({ times }) => times)}::integer[]) as seen (feed, name, property, type, times)
    order by 1, 2, 3, 4
    on conflict (feed, name, property, type, day) do update set times = excluded.times`.execute(tx);
}
