import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openBulk } from '#platform/bulk.ts';
import { type Db, openDb } from '#platform/db.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { idOf } from '#platform/ids.ts';
import { migrate } from '#platform/migrate.ts';
import { importCatalog } from '../src/modules/catalog/index.ts';

export interface SocialSize {
  members: number;
  boards: number;
  pins: number;
  products: number;
}

interface SocialStage extends AsyncDisposable {
  /** As pages read it. */
  reads: Db;
  memberOf(nth: number): string;
}

const numbered = (kind: string) => (nth: number) =>
  `${kind}-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`;
const memberOf = numbered('aaaaaaaa');
const hex = (nth: string) => `lpad(to_hex(${nth}), 12, '0')`;
const member = (nth: string) => `('aaaaaaaa-0000-7000-8000-' || ${hex(nth)})::uuid`;
const board = (nth: string) => `('bbbbbbbb-0000-7000-8000-' || ${hex(nth)})::uuid`;
/** In the order of time, as new ids are, and after the boards'. */
const pin = (nth: string) =>
  `('c' || lpad(to_hex((${nth})::bigint), 7, '0') || '-0000-7000-8000-000000000000')::uuid`;

/**
 * A database with people who saved much, and nothing else: a few products are saved by many and most by few, and
 * everybody has boards and follows ten. PostgreSQL makes the rows itself; no power cut need be survived.
 */
export async function openSocialStage(size: SocialSize): Promise<SocialStage> {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-social-'));
  const postgres = await startPostgres({ dir, fsync: false });
  await migrate(postgres.url);
  const ids = await makeProducts(postgres.url, size.products);
  const db = openDb(postgres.url, { max: 4 });
  await db.connection().execute(async (connection) => {
    // What is made here refers to what is there: checking it would take longer than making it.
    await sql`set session_replication_role = replica`.execute(connection);
    await sql`create temp table numbered as
      select id, nth - 1 as nth from unnest(${ids}::uuid[]) with ordinality as t (id, nth)`.execute(
      connection,
    );
    await sql`create unique index on numbered (nth)`.execute(connection);
    for (const statement of statements(size)) await sql.raw(statement).execute(connection);
    await sql`set session_replication_role = origin`.execute(connection);
  });
  await sql`vacuum analyze`.execute(db);
  await db.destroy();
  const reads = openDb(postgres.url, { max: 5, readOnly: true });
  return {
    reads,
    memberOf,
    [Symbol.asyncDispose]: async () => {
      await reads.destroy();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function makeProducts(databaseUrl: string, count: number): Promise<string[]> {
  await using bulk = await openBulk(databaseUrl);
  const products = Array.from({ length: count }, (_, nth) => ({
    id: idOf('bench:product', String(nth)),
    slug: `thing-${nth}`,
    title: `Thing ${nth}`,
    variants: [
      {
        id: idOf('bench:variant', String(nth)),
        sku: `B-${nth}`,
        offers: [{ currency: 'EUR', amountMinor: 1000 + nth }],
      },
    ],
  }));
  await bulk.run((tx) => importCatalog(tx, { source: 'bench', products }));
  return products.map(({ id }) => id);
}

/** Of everything that depends on chance, the same each time: a number's own digits, stirred. */
const chance = (of: string) => `((hashint8(${of})::bigint + 2147483648) / 4294967296.0)`;

function* statements({ members, boards, pins, products }: SocialSize): Generator<string> {
  const ownerOf = (nth: string) => member(`(${nth}) % ${members}`);
  yield `insert into identity.member (id, name, email, email_verified)
    select ${member('n')}, 'Member ' || n, n || '@stoa.example', true from generate_series(0::bigint, ${members - 1}) as n`;
  yield `insert into social.profile (member_id, handle, name, made_at)
    select ${member('n')}, 'member_' || n, 'Member ' || n, now() from generate_series(0::bigint, ${members - 1}) as n`;
  yield `insert into social.piece (id, kind, owner_id, root_id, visibility, made_at)
    select ${board('n')}, 'board', ${ownerOf('n')}, ${board('n')},
      (case when n % 10 = 9 then 'secret' else 'public' end)::social.visibility, now()
    from generate_series(0::bigint, ${boards - 1}) as n`;
  yield `insert into boards.board (id, name, pin_count, changed_at)
    select ${board('n')}, 'Board ' || n, ${Math.round(pins / boards)}, now() from generate_series(0::bigint, ${boards - 1}) as n`;
  yield `insert into social.piece (id, kind, owner_id, root_id, within_id, made_at)
    select ${pin('n')}, 'pin', ${ownerOf(`n % ${boards}`)}, ${board(`n % ${boards}`)}, ${board(`n % ${boards}`)}, now()
    from generate_series(0::bigint, ${pins - 1}) as n`;
  yield `insert into boards.pin (id, board_id, kind, product_id, position, added_at)
    select ${pin('n')}, ${board(`n % ${boards}`)}, 'product', numbered.id, -n, now()
    from generate_series(0::bigint, ${pins - 1}) as n
    join numbered on numbered.nth = floor(power(${chance('n')}, 3) * ${products})`;
  yield `insert into social.follow (follower_id, kind, target_id, since)
    select ${member('n')}, 'member', ${member(`(n + each * each * 37) % ${members}`)}, now()
    from generate_series(0::bigint, ${members - 1}) as n, generate_series(1, 10) as each on conflict do nothing`;
  yield `insert into social.reaction (piece_id, member_id, kind, at)
    select ${pin('n * 3')}, ${member(`(n * 13 + 5) % ${members}`)}, 'heart', now()
    from generate_series(0::bigint, ${Math.floor(pins / 3) - 1}) as n on conflict do nothing`;
  yield `insert into social.tally (piece_id, heart) select piece_id, count(*) from social.reaction group by piece_id`;
}
