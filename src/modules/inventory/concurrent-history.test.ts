import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import type { Db, Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { correct } from './corrections.ts';
import { receive } from './deliveries.ts';
import { aLocation, aVariant } from './factory.ts';
import { post, type StockLine } from './movement.ts';
import { positionAt } from './position.ts';
import { releaseExpired } from './release-expired.ts';
import { reserve, settle } from './reservations.ts';
import { takeFeed } from './stock-feed.ts';
import { type Balances, type Kind, MODEL, NOTHING, shortOf, type Told } from './stock-model.ts';
import { takeBack } from './take-back.ts';
import { receiveTransfer, sendTransfer } from './transfers.ts';

/** More of them by hand: `STOA_RUNS=200 npx vitest run src/modules/inventory/concurrent-history.test.ts`. */
const RUNS = Number(process.env['STOA_RUNS'] ?? 6);
const CONNECTIONS = 4;
vi.setConfig({ testTimeout: Math.max(60, 15 * RUNS) * 1000 });

type Place = Pick<StockLine, 'variantId' | 'locationId'>;

/** What the ledger must have of one line of an act: told outright, or by what else it has. */
type Row = Told | { ofTransfer: string; quantity: number } | { wasOnHand: number; at: Date };

/** Two variants at two locations, and all that was accepted of what was done to them. */
interface World {
  places: Place[];
  reservations: { id: string; endsSoon: boolean; lines: StockLine[] }[];
  transfers: { id: string; from: Place; quantity: number }[];
  /** By cause, kind, variant and location. */
  accepted: Map<string, Row>;
}

interface Act {
  kind: keyof typeof ACTS;
  place: number;
  other: number;
  quantity: number;
  part: number;
  flag: boolean;
  isTwice: boolean;
}

type Attempt = (work: (tx: Tx) => Promise<unknown>) => Promise<boolean>;

const keyOf = (causeId: string, kind: Kind, { variantId, locationId }: Place) =>
  `${causeId} ${kind} ${variantId} ${locationId}`;

const at = (world: World, place: number): Place => world.places[place % world.places.length] as Place;

/** One line, or two at different places. */
function linesOf(world: World, { place, other, quantity, part }: Act): StockLine[] {
  const line = { ...at(world, place), quantity };
  return place === other ? [line] : [line, { ...at(world, other), quantity: part + 1 }];
}

function note(world: World, causeId: string, kind: Kind, lines: readonly (Place & Told)[]): void {
  for (const { quantity, valueMinor, beyond, ...place } of lines) {
    const told = { ...(valueMinor !== undefined && { valueMinor }), ...(beyond !== undefined && { beyond }) };
    world.accepted.set(keyOf(causeId, kind, place), { quantity, ...told });
  }
}

/** Of what was done before, by whomever: perhaps not yet ended, perhaps refused in the end. */
const someOf = <T>(list: readonly T[], { place, other, part }: Act): T | undefined =>
  list[(place * 20 + other * 5 + part) % Math.max(list.length, 1)];

const [SOON, LATER] = [new Date('2026-01-01'), new Date('2100-01-01')];

/** Each makes its ids, tries, and notes what the ledger must have if it was not refused. */
const ACTS = {
  receive: (world, act) => {
    const id = randomUUID();
    const [line] = linesOf(world, act);
    const unitCostMinor = 7 + act.part;
    return async (attempt) => {
      if (!line) return;
      const delivery = { id, locationId: line.locationId, lines: [{ ...line, unitCostMinor }] };
      if (await attempt((tx) => receive(tx, delivery, new Date())))
        note(world, id, 'receive', [{ ...line, valueMinor: unitCostMinor * line.quantity }]);
    };
  },
  reserve: (world, act) => {
    const id = randomUUID();
    const lines = linesOf(world, act).map((line) => ({ ...line, ...(act.flag && { beyond: act.part }) }));
    const endsSoon = act.quantity % 2 === 0;
    return async (attempt) => {
      world.reservations.push({ id, endsSoon, lines });
      if (await attempt((tx) => reserve(tx, id, endsSoon ? SOON : LATER, lines)))
        note(world, id, 'reserve', lines);
    };
  },
  settle: (world, act) => async (attempt) => {
    const held = someOf(world.reservations, act);
    const end = act.flag ? 'allocate' : 'release';
    if (held && (await attempt((tx) => settle(tx, held.id, end))))
      note(world, held.id, end, held.lines.map(bare));
  },
  expire: () => async (_, db) => releaseExpired({ db, now: () => new Date('2026-06-01') }),
  leave: (world, act) => {
    const [id, kind, lines] = [randomUUID(), act.flag ? 'ship' : 'deallocate', linesOf(world, act)] as const;
    return once(async (attempt) => {
      if (await attempt((tx) => post(tx, kind, { id }, lines))) note(world, id, kind, lines);
    });
  },
  comeBack: (world, act) => {
    const id = randomUUID();
    const [line] = linesOf(world, act);
    return once(async (attempt) => {
      if (!line) return;
      const damaged = Math.min(act.part, line.quantity);
      const back = { ...line, damaged, valueMinor: 5 * line.quantity };
      if (!(await attempt((tx) => takeBack(tx, { id }, [back])))) return;
      note(world, id, 'return_in', [{ ...line, valueMinor: back.valueMinor }]);
      if (damaged > 0) note(world, id, 'damage', [{ ...line, quantity: damaged }]);
    });
  },
  correct: (world, act) => {
    const id = randomUUID();
    const kind = (['count', 'adjust', 'damage', 'write_off'] as const)[act.part % 4] ?? 'count';
    const sign = kind === 'adjust' && act.flag ? -1 : 1;
    const lines = linesOf(world, act).map((line) => ({ ...line, quantity: sign * line.quantity }));
    const told = kind === 'adjust' ? { kind, reason: 'found' as const } : { kind };
    return async (attempt) => {
      if (await attempt((tx) => correct(tx, { id, lines, ...told }, new Date())))
        note(world, id, kind, lines);
    };
  },
  send: (world, act) => {
    const [id, from] = [randomUUID(), at(world, act.place)];
    const to = world.places.find(
      ({ variantId, locationId }) => variantId === from.variantId && locationId !== from.locationId,
    );
    const { quantity } = act;
    return async (attempt) => {
      if (!to) return;
      const way = { fromLocationId: from.locationId, toLocationId: to.locationId, expectedOn: '2026-02-01' };
      const transfer = { id, ...way, lines: [{ variantId: from.variantId, quantity }] };
      if (!(await attempt((tx) => sendTransfer(tx, transfer, new Date())))) return;
      note(world, id, 'transfer_out', [{ ...from, quantity }]);
      world.transfers.push({ id, from: to, quantity });
    };
  },
  arrive: (world, act) => async (attempt) => {
    const sent = someOf(world.transfers, act);
    if (!sent) return;
    const quantity = Math.max(0, sent.quantity - act.part);
    const came = [{ variantId: sent.from.variantId, quantity }];
    if ((await attempt((tx) => receiveTransfer(tx, sent.id, came, new Date()))) && quantity > 0)
      world.accepted.set(keyOf(sent.id, 'transfer_in', sent.from), { ofTransfer: sent.id, quantity });
  },
  feed: (world, act) => {
    const [id, place] = [randomUUID(), at(world, act.place)];
    let toldAt: Date | undefined;
    return async (attempt) => {
      const told = (toldAt ??= new Date(Date.now() - act.part));
      const lines = [{ sku: place.variantId, quantity: act.quantity }]; // the factory's SKUs are ids
      const feed = { id, locationId: place.locationId, toldAt: told, lines };
      let taken = 0;
      const isDone = await attempt(async (tx) => ({ taken } = await takeFeed(tx, feed)));
      if (isDone && taken > 0)
        world.accepted.set(keyOf(id, 'adjust', place), { wasOnHand: act.quantity, at: told });
    };
  },
} satisfies Record<string, (world: World, act: Act) => (attempt: Attempt, db: Db) => Promise<void>>;

const bare = ({ variantId, locationId, quantity }: StockLine) => ({ variantId, locationId, quantity });

/** For what has no retry of its own: who calls it sees to that. */
function once<T>(work: (attempt: Attempt) => Promise<T>) {
  let isBegun = false;
  return async (attempt: Attempt) => {
    if (isBegun) return;
    isBegun = true;
    await work(attempt);
  };
}

/** False when it was refused. Anything but a refusal fails the test: a deadlock too, which nobody tries again here. */
const attemptOn =
  (db: Db): Attempt =>
  async (work) => {
    try {
      await db.transaction().execute(work);
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  };

/** All at once, from as many connections: each does its acts one after the other; some are done by two of them. */
async function live(db: Db, world: World, acts: readonly Act[]): Promise<void> {
  const hands: ((attempt: Attempt, db: Db) => Promise<void>)[][] = Array.from(
    { length: CONNECTIONS },
    () => [],
  );
  for (const [n, act] of acts.entries()) {
    const done = ACTS[act.kind](world, act);
    hands[n % CONNECTIONS]?.push(done);
    if (act.isTwice) hands[(n + 1) % CONNECTIONS]?.push(done);
  }
  await Promise.all(
    hands.map(async (hand) => {
      for (const done of hand) await done(attemptOn(db), db);
    }),
  );
  // What still could end by itself, ends: then it is known of each how it ended.
  await releaseExpired({ db, now: () => new Date('2026-06-01') });
  for (const { id, endsSoon, lines } of world.reservations) {
    const isIn = (kind: Kind) => lines.every((line) => world.accepted.has(keyOf(id, kind, line)));
    expect(isIn('allocate') && isIn('release')).toBe(false);
    if (endsSoon && isIn('reserve') && !isIn('allocate')) note(world, id, 'release', lines.map(bare));
  }
}

interface Movement extends Place {
  causeId: string;
  kind: Kind;
  /** Microseconds since 1970, exactly. */
  moved: number;
  after: Balances;
  before: Balances;
}

/** The model does what the ledger says was accepted, in the ledger's order, and must come to the same each time. */
async function replayed(db: Db, world: World): Promise<Movement[]> {
  const { rows } = await sql<Omit<Movement, 'after' | 'before'> & Balances>`
    select cause_id as "causeId", kind, variant_id as "variantId", location_id as "locationId",
      (extract(epoch from moved_at) * 1000000)::bigint as moved, on_hand_delta as "onHand", reserved_delta as reserved,
      allocated_delta as allocated, damaged_delta as damaged, value_delta_minor as "valueMinor"
    from inventory.stock_movement where variant_id = any(${world.places.map(({ variantId }) => variantId)}::uuid[])
    order by id`.execute(db);
  const keys = rows.map((row) => keyOf(row.causeId, row.kind, row));
  expect(keys.toSorted()).toEqual([...world.accepted.keys()].toSorted());
  const done: Movement[] = [];
  for (const { causeId, kind, variantId, locationId, moved, ...delta } of rows) {
    const place = { variantId, locationId };
    const told = toldOf(world, done, keyOf(causeId, kind, place), place);
    const before = balancesOf(done, place);
    const after = MODEL[kind](before, told);
    expect(after, `${kind} of ${told.quantity} from ${JSON.stringify(before)}`).toEqual(sum(before, delta));
    if (after) done.push({ causeId, kind, ...place, moved, before, after });
  }
  return done;
}

function toldOf(world: World, done: readonly Movement[], key: string, place: Place): Told {
  const row = world.accepted.get(key);
  if (!row) throw new Error(`nobody did ${key}`);
  if ('ofTransfer' in row) {
    const sent = done.find(({ causeId, kind }) => causeId === row.ofTransfer && kind === 'transfer_out');
    if (!sent) throw new Error('it came before it was sent');
    const value = sent.before.valueMinor - sent.after.valueMinor;
    const units = sent.before.onHand - sent.after.onHand;
    return { quantity: row.quantity, valueMinor: Math.floor((value * row.quantity) / units) };
  }
  if (!('wasOnHand' in row)) return row;
  const isNewer = (each: Movement) =>
    each.moved > row.at.getTime() * 1000 &&
    (each.kind === 'count' ||
      'wasOnHand' in (world.accepted.get(keyOf(each.causeId, each.kind, each)) ?? {}));
  expect(done.filter(isAt(place)).some(isNewer), 'an older statement overrules a newer one').toBe(false);
  const then = positionOf(done, place, row.at);
  return { quantity: row.wasOnHand - then.onHand };
}

const isAt = (place: Place) => (movement: Movement) =>
  movement.variantId === place.variantId && movement.locationId === place.locationId;

const balancesOf = (done: readonly Movement[], place: Place): Balances =>
  done.findLast(isAt(place))?.after ?? NOTHING;

/** The sum of all that the model did up to a moment. */
const positionOf = (done: readonly Movement[], place: Place, moment: Date): Balances =>
  done
    .filter((movement) => isAt(place)(movement) && movement.moved <= moment.getTime() * 1000)
    .reduce((total, { before, after }) => sum(total, difference(after, before)), NOTHING);

const combine = (one: Balances, other: Balances, sign: 1 | -1): Balances => ({
  onHand: one.onHand + sign * other.onHand,
  reserved: one.reserved + sign * other.reserved,
  allocated: one.allocated + sign * other.allocated,
  damaged: one.damaged + sign * other.damaged,
  valueMinor: one.valueMinor + sign * other.valueMinor,
});
const sum = (one: Balances, other: Balances) => combine(one, other, 1);
const difference = (one: Balances, other: Balances) => combine(one, other, -1);

const act = fc.record({
  kind: fc.constantFrom(
    ...(Object.keys(ACTS) as (keyof typeof ACTS)[]),
    'receive',
    'reserve',
    'reserve',
    'settle',
  ),
  place: fc.nat(3),
  other: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 6 }),
  part: fc.nat(4),
  flag: fc.boolean(),
  isTwice: fc.boolean(),
}) as fc.Arbitrary<Act>;

test('whatever four do at once, ledger, levels and model agree, at the end and at every moment before', async ({
  db,
}) => {
  const history = fc.array(act, { minLength: 40, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(history, async (acts) => {
      const variantIds = [await aVariant(db), await aVariant(db)];
      const locationIds = [await aLocation(db), await aLocation(db)];
      const places = variantIds.flatMap((variantId) =>
        locationIds.map((locationId) => ({ variantId, locationId })),
      );
      const world: World = { places, reservations: [], transfers: [], accepted: new Map() };
      await live(db, world, acts);
      const done = await replayed(db, world);

      const { rows: levels } = await sql<Place & Balances & { short: number }>`
        select variant_id as "variantId", location_id as "locationId", on_hand as "onHand", reserved, allocated, damaged,
          value_minor as "valueMinor", short
        from inventory.stock_level where variant_id = any(${variantIds}::uuid[])`.execute(db);
      for (const { variantId, locationId, short, ...level } of levels) {
        const model = balancesOf(done, { variantId, locationId });
        expect({ ...level, short }).toEqual({ ...model, short: shortOf(model) });
      }
      // A moment lies between two movements, or before the first.
      const moments = done.map(({ moved }) => new Date(Math.floor(moved / 1000)));
      for (const moment of [...moments.filter((_, n) => n % 7 === 0), LATER]) {
        const known = await positionAt(db, moment, { variantIds });
        const position = (place: Place) => ({
          ...NOTHING,
          ...place,
          ...known.find(
            ({ variantId, locationId }) => variantId === place.variantId && locationId === place.locationId,
          ),
        });
        expect(places.map(position)).toEqual(
          places.map((place) => ({ ...place, ...positionOf(done, place, moment) })),
        );
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
