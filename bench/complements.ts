import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openBulk } from '#platform/bulk.ts';
import { type Db, openDb } from '#platform/db.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { newId } from '#platform/ids.ts';
import { migrate } from '#platform/migrate.ts';
import { importCatalog } from '../src/modules/catalog/index.ts';
import { complementsOf, findComplements } from '../src/modules/looks/index.ts';
import { numbersFrom } from './numbers.ts';
import { atLeast, type Result } from './result.ts';

/** Things of each shelf, and styles: who puts a look together mostly stays within one. */
const [SHELVES, THINGS_A_SHELF, STYLES] = [8, 60, 12];
const LOOKS = 4_000;
const ITEMS = 5;
/** How often somebody takes what everybody takes, in place of something of the look's style. */
const FASHION = 0.35;
const HELD_OUT = 0.1;
const TOP = 10;

/** Of a thing: which shelf it stands on and which style it is of. */
interface Thing {
  id: string;
  shelf: number;
  style: number;
}

/**
 * How often the last thing of a look that was held out is among the first ten that go with its others, on a set in which
 * what goes together is known: beside the ten that are most used, and ten by chance.
 */
export async function complements(): Promise<Result[]> {
  const random = numbersFrom(20_261_129);
  const things = planted();
  const looks = Array.from({ length: LOOKS }, () => lookOf(things, random));
  const held = looks.slice(0, Math.floor(LOOKS * HELD_OUT));
  const known = looks.slice(held.length);
  const dir = mkdtempSync(join(tmpdir(), 'stoa-complements-'));
  const postgres = await startPostgres({ dir, fsync: false });
  try {
    await migrate(postgres.url);
    await using db = openDb(postgres.url, { max: 2 });
    await fill(postgres.url, db, things, known);
    await findComplements({ db, now: () => new Date() });
    return await judged(db, things, known, held, random);
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const planted = (): Thing[] =>
  Array.from({ length: SHELVES * THINGS_A_SHELF }, (_, nth) => ({
    id: randomUUID(),
    shelf: nth % SHELVES,
    style: Math.floor(nth / SHELVES) % STYLES,
  }));

/** One thing of each of a few shelves: of the look's style, or of what is in fashion whatever the style. */
function lookOf(things: readonly Thing[], random: () => number): string[] {
  const style = Math.floor(random() * STYLES);
  const shelves = Array.from({ length: SHELVES }, (_, nth) => ({ nth, by: random() }))
    .toSorted((one, other) => one.by - other.by)
    .slice(0, ITEMS);
  return shelves.map(({ nth }) => {
    const isFashion = random() < FASHION;
    const fitting = things.filter((each) => each.shelf === nth && (isFashion || each.style === style));
    // The first few of a shelf are what everybody takes.
    const place = Math.floor((isFashion ? random() ** 3 : random()) * fitting.length);
    return fitting[place]?.id ?? '';
  });
}

async function fill(url: string, db: Db, things: readonly Thing[], looks: readonly string[][]) {
  const categories = Array.from({ length: SHELVES }, (_, nth) => ({
    id: randomUUID(),
    slug: `shelf-${nth}`,
    name: `Shelf ${nth}`,
  }));
  const products = things.map(({ id, shelf }) => ({
    id,
    slug: `thing-${id}`,
    title: 'A thing',
    categoryId: categories[shelf]?.id ?? '',
    variants: [{ id: randomUUID(), sku: id, offers: [{ currency: 'EUR', amountMinor: 1000 }] }],
  }));
  await using bulk = await openBulk(url);
  await bulk.run((tx) => importCatalog(tx, { source: 'bench', categories, products }));
  const ids = looks.map(() => newId());
  await sql`
    with made as (
      insert into social.piece (id, kind, root_id, visibility, made_at)
      select id, 'look', id, 'public', now() from unnest(${ids}::uuid[]) as id returning id
    )
    insert into looks.look (id, ground, changed_at) select id, '#efe6d8', now() from made`.execute(db);
  const items = looks.flatMap((look, nth) => look.map((thing, place) => ({ look: ids[nth], thing, place })));
  await sql`
    insert into looks.item (look_id, place, product_id, shape, x, y, width, turn)
    select look, place, thing, 'whole', 500, 500, 300, 0
    from unnest(${items.map((each) => each.look)}::uuid[], ${items.map((each) => each.thing)}::uuid[],
      ${items.map((each) => each.place)}::integer[]) as t (look, thing, place)`.execute(db);
}

async function judged(
  db: Db,
  things: readonly Thing[],
  known: readonly string[][],
  held: readonly string[][],
  random: () => number,
): Promise<Result[]> {
  const used = new Map<string, number>();
  for (const id of known.flat()) used.set(id, (used.get(id) ?? 0) + 1);
  const byUse = things
    .map(({ id }) => id)
    .toSorted((one, other) => (used.get(other) ?? 0) - (used.get(one) ?? 0));
  const hits = { ours: 0, popular: 0, chance: 0 };
  for (const look of held) {
    const [wanted = '', ...others] = look.toReversed();
    const free = byUse.filter((id) => !others.includes(id));
    const drawn = free.map((id) => ({ id, by: random() })).toSorted((one, other) => one.by - other.by);
    if ((await complementsOf(db, others, TOP)).includes(wanted)) hits.ours += 1;
    if (free.slice(0, TOP).includes(wanted)) hits.popular += 1;
    if (drawn.slice(0, TOP).some(({ id }) => id === wanted)) hits.chance += 1;
  }
  const share = (count: number) => count / held.length;
  const beside = `of ${held.length} held-out looks`;
  return [
    atLeast(
      `complements, hit rate at ${TOP} ${beside}, over what is used most (${share(hits.popular).toFixed(2)})`,
      share(hits.ours) / share(hits.popular),
      1,
      ' ×',
    ),
    atLeast(
      `complements, hit rate at ${TOP} ${beside}, over chance (${share(hits.chance).toFixed(2)})`,
      share(hits.ours) / Math.max(share(hits.chance), 1 / held.length),
      1,
      ' ×',
    ),
  ];
}
