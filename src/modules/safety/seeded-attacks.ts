import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { bandsOf } from './fingerprints.ts';
import { liveOddly } from './seeded-habits.ts';
import {
  type Attack,
  type Chance,
  chanceFrom,
  type Hands,
  type Population,
  type SeededKind,
} from './seeded-population.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface Wish {
  members: number;
  seed: number;
  now: Date;
}

const WORDS =
  'the vase holds water well and its glaze is deeper than in the picture we keep it near window light every morning handle feels warm lid fits tight colour matches our table linen drawer slides without noise oak smells fresh'.split(
    ' ',
  );
const STOCK = [
  'So lovely, where did you find the little lamp on the left?',
  'Thank you all, this made my whole week so much better!',
];
const SPAM =
  'Best watches for the lowest price in town, message me today and get two for one with free delivery';
const COPIED =
  'I bought this for my mother and she uses it every single day, the quality is amazing and the delivery was fast, five stars';

const sentence = (chance: Chance) =>
  Array.from({ length: 8 + chance.below(14) }, () => chance.one(WORDS)).join(' ');

/**
 * People as they are (circles of friends who like one another, families at one computer, newcomers, stock phrases) and
 * among them four attacks: ten who send the same words by the dozen in an hour, a ring of eight who vote for one another,
 * six accounts of one person for one product, twelve who copy one review onto many products.
 */
export function seededPopulation({ members: size, seed, now }: Wish): Population {
  const chance = chanceFrom(seed);
  const ago = (ms: number) => new Date(now.getTime() - Math.max(60_000, ms));
  const made: Population = {
    members: [],
    products: Array.from({ length: Math.max(20, size / 20) }, (_, n) =>
      idOf('attack:product', `${seed} ${n}`),
    ),
    pieces: [],
    reactions: [],
    votes: [],
    devices: [],
    attackers: new Map(),
  };
  const join = (n: number | string, days: number) => {
    const member = { id: idOf('attack:member', `${seed} ${n}`), madeAt: ago(days * DAY_MS) };
    made.members.push(member);
    return member.id;
  };
  const write = (kind: SeededKind, by: string, at: Date, text: string, product: string | null = null) => {
    const id = idOf('attack:piece', `${seed} ${made.pieces.length}`);
    made.pieces.push({
      id,
      kind,
      by,
      at,
      text,
      product: kind === 'review' ? (product ?? chance.one(made.products)) : null,
    });
    return id;
  };
  const others = chanceFrom(seed + 1_000_000);
  const hands = { ago, join, write, sentence: () => sentence(others), stock: () => others.one(STOCK) };
  liveAsPeopleDo(made, chance, size, hands);
  attack(made, chance, size, hands);
  liveOddly(made, others, hands);
  return made;
}

function liveAsPeopleDo(made: Population, chance: Chance, size: number, { ago, join, write }: Hands): void {
  const people = Array.from({ length: size }, (_, n) =>
    join(n, chance.next() < 0.1 ? chance.next() * 7 : 8 + chance.next() * 500),
  );
  const own = new Map<string, string[]>();
  for (const by of people) {
    const ids = Array.from({ length: 1 + chance.below(5) }, () =>
      write(
        chance.next() < 0.3 ? 'review' : 'comment',
        by,
        ago(chance.next() * 12 * DAY_MS),
        chance.next() < 0.05 ? chance.one(STOCK) : sentence(chance),
      ),
    );
    own.set(by, ids);
    made.devices.push({ digest: `own ${by}`, by });
  }
  for (const [n, by] of people.entries()) {
    // Five friends: neighbours in the list, who like much of what each other makes; and whatever else one comes by.
    const friends = people.slice(n - (n % 5), n - (n % 5) + 5).filter((each) => each !== by);
    const liked = [
      ...(n % 3 === 0
        ? []
        : friends.flatMap((each) => (own.get(each) ?? []).filter(() => chance.next() < 0.6))),
      ...Array.from({ length: 3 + chance.below(12) }, () => chance.one(own.get(chance.one(people)) ?? [])),
    ];
    for (const piece of new Set(liked))
      made.reactions.push({ by, piece, at: ago(chance.next() * 10 * DAY_MS) });
    if (n % 40 === 0)
      for (const each of friends.slice(0, 3)) made.devices.push({ digest: `home ${n}`, by: each });
  }
  const reviews = made.pieces.filter(({ kind }) => kind === 'review');
  for (const by of people)
    for (let vote = 0; vote < chance.below(4); vote++)
      made.votes.push({ by, piece: chance.one(reviews).id, at: ago(chance.next() * 10 * DAY_MS) });
}

function attack(made: Population, chance: Chance, size: number, { ago, join, write }: Hands): void {
  let n = size;
  const recruit = (kind: Attack, count: number, days: () => number) =>
    Array.from({ length: count }, () => {
      const id = join(n++, days());
      made.attackers.set(id, kind);
      return id;
    });
  for (const by of recruit('burst', 10, () => chance.next() * 40)) {
    const began = 2 * HOUR_MS + chance.next() * 18 * HOUR_MS;
    for (let sent = 0; sent < 40; sent++)
      write('comment', by, ago(began - chance.next() * 20 * 60_000), `${SPAM} ${chance.one(WORDS)} ${sent}`);
  }
  const ring = recruit('ring', 8, () => 20 + chance.next() * 200);
  const praised = ring.map((by) =>
    Array.from({ length: 4 }, () => write('review', by, ago(chance.next() * 9 * DAY_MS), sentence(chance))),
  );
  for (const [place, by] of ring.entries())
    for (const [other, ids] of praised.entries())
      if (other !== place)
        for (const piece of ids)
          if (chance.next() < 0.85) made.votes.push({ by, piece, at: ago(chance.next() * 8 * DAY_MS) });
  const target = made.products[0] ?? '';
  for (const by of recruit('puppets', 6, () => chance.next() * 3)) {
    write('review', by, ago(chance.next() * 2 * DAY_MS), sentence(chance), target);
    made.devices.push({ digest: 'one desk', by });
    for (const piece of praised[0] ?? []) made.votes.push({ by, piece, at: ago(chance.next() * DAY_MS) });
  }
  for (const by of recruit('copies', 12, () => 10 + chance.next() * 100))
    for (let copy = 0; copy < 3; copy++)
      write('review', by, ago(chance.next() * 5 * DAY_MS), `${COPIED} ${chance.one(WORDS)}`);
}

/** Writes a population as the pages would have, without the words: signals read none. */
export async function enterPopulation(tx: Tx, made: Population): Promise<void> {
  const { members, products, pieces, reactions, votes, devices } = made;
  const [first] = members;
  await sql`
    insert into identity.member (id, name, email) select id, 'Somebody', id || '@example.invalid'
    from unnest(${members.map(({ id }) => id)}::uuid[]) as t (id)`.execute(tx);
  await sql`
    insert into social.profile (member_id, handle, name, made_at)
    select id, 'm' || left(replace(id::text, '-', ''), 29), 'Somebody', at
    from unnest(${members.map(({ id }) => id)}::uuid[], ${members.map(({ madeAt }) => madeAt)}::timestamptz[]) as t (id, at)`.execute(
    tx,
  );
  await sql`
    insert into catalog.product (id, slug, title) select id, 'attack-' || id, 'A vase'
    from unnest(${products}::uuid[]) as t (id)`.execute(tx);
  const boardId = idOf('attack:board', first?.id ?? '');
  await sql`insert into social.piece (id, kind, owner_id, root_id, visibility, made_at)
    values (${boardId}, 'board', ${first?.id}, ${boardId}, 'public', ${first?.madeAt})`.execute(tx);
  const reviews = pieces.filter(({ kind }) => kind === 'review');
  const answers = pieces.filter(({ kind }) => kind === 'answer');
  const answered = reviews[0]?.id ?? '';
  const within = { comment: boardId, answer: answered, review: null };
  await sql`
    insert into social.piece (id, kind, owner_id, root_id, within_id, visibility, made_at)
    select id, kind::social.piece_kind, owner, coalesce(within, id), within,
      case when within is null then 'public' end::social.visibility, at
    from unnest(${pieces.map(({ id }) => id)}::uuid[], ${pieces.map(({ kind }) => kind)}::text[],
      ${pieces.map(({ by }) => by)}::uuid[], ${pieces.map(({ kind }) => within[kind])}::uuid[],
      ${pieces.map(({ at }) => at)}::timestamptz[]) as t (id, kind, owner, within, at)`.execute(tx);
  await sql`
    insert into reviews.review (id, product_id, author_name, rating, written_at)
    select id, product, '', 5, at from unnest(${reviews.map(({ id }) => id)}::uuid[],
      ${reviews.map(({ product }) => product)}::uuid[], ${reviews.map(({ at }) => at)}::timestamptz[]) as t (id, product, at)`.execute(
    tx,
  );
  await sql`
    insert into reviews.answer (id, subject_id, voice, body, answered_at)
    select id, ${answered}, 'retailer', '', at from unnest(${answers.map(({ id }) => id)}::uuid[],
      ${answers.map(({ at }) => at)}::timestamptz[]) as t (id, at)`.execute(tx);
  for (const [table, praise] of [
    ['social.reaction', reactions],
    ['reviews.vote', votes],
  ] as const)
    await sql`
      insert into ${sql.table(table)} (piece_id, member_id, ${sql.ref(table === 'reviews.vote' ? 'is_helpful' : 'kind')}, at)
      select piece, by, ${table === 'reviews.vote' ? sql`true` : sql`'heart'::social.reaction_kind`}, at
      from unnest(${praise.map(({ piece }) => piece)}::uuid[], ${praise.map(({ by }) => by)}::uuid[],
        ${praise.map(({ at }) => at)}::timestamptz[]) as t (piece, by, at) on conflict do nothing`.execute(
      tx,
    );
  await enterPrints(tx, pieces, devices);
}

async function enterPrints(
  tx: Tx,
  pieces: Population['pieces'],
  devices: Population['devices'],
): Promise<void> {
  const prints = pieces.map(({ id, by, at, text }) => ({ id, by, at, bands: bandsOf(text).map(String) }));
  await sql`
    insert into safety.fingerprint (piece_id, member_id, digest, bands, at)
    select id, by, ''::bytea, array(select jsonb_array_elements_text(bands)::bigint), at
    from jsonb_to_recordset(${JSON.stringify(prints)}::jsonb) as t (id uuid, by uuid, at timestamptz, bands jsonb)`.execute(
    tx,
  );
  const digests = devices.map(({ digest, by }) => ({
    digest: createHash('sha256').update(digest).digest('hex'),
    by,
  }));
  await sql`
    insert into safety.device (digest, member_id, seen_at)
    select decode(digest, 'hex'), by, now() from jsonb_to_recordset(${JSON.stringify(digests)}::jsonb) as t (digest text, by uuid)
    on conflict do nothing`.execute(tx);
}
