import { sql } from 'kysely';
import { devicesSince } from '#modules/identity/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { CHECK_URGENCY, raise } from './concerns.ts';
import type { SafetySignalKind } from './tables.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A signal that is not seen again fades. */
const KEPT_DAYS = 60;
const DEVICE_DAYS = 30;
const SESSIONS_MAX = 20_000;
/** Of what one run finds so much is kept, the strongest first: it finds the rest when that is judged. */
const FOUND_MAX = 1000;
const REPEATED_MIN = 3;
/** Once in twenty times by chance. */
const STRIKES_AT = Math.log(20);

export interface Signal {
  kind: SafetySignalKind;
  memberId: string | null;
  pieceId: string | null;
  value: number;
  /** Ids and figures. */
  evidence: Record<string, unknown>;
}

/** Seen again it is the same signal, as strong as it is now. */
export async function noteSignal(tx: Tx, signal: Signal, now: Date): Promise<void> {
  await noteSignals(tx, [signal], now);
}

async function noteSignals(tx: Tx, signals: readonly Signal[], now: Date): Promise<void> {
  const rows = signals.map((signal) => ({ ...signal, id: newId(now.getTime()) }));
  await sql`
    insert into safety.signal as known (id, kind, member_id, piece_id, value, evidence, at)
    select id, kind, "memberId", "pieceId", value, evidence, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (id uuid, kind safety.signal_kind, "memberId" uuid,
      "pieceId" uuid, value double precision, evidence jsonb)
    on conflict (kind, member_id, piece_id) do update set value = excluded.value, evidence = excluded.evidence, at = excluded.at`.execute(
    tx,
  );
}

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

type Found = Omit<Signal, 'kind' | 'pieceId'>;
type Finder = (db: Db, now: Date) => Promise<Found[]>;

const rowsOf = async (db: Db, query: ReturnType<typeof sql<Found>>): Promise<Found[]> => {
  const { rows } =
    await sql<Found>`select * from (${query}) as found order by value desc, "memberId" limit ${FOUND_MAX}`.execute(
      db,
    );
  return rows;
};

/** More in one hour than people write by hand; pins are left out, since they are saved by the dozen. */
const bursts: Finder = (db, now) =>
  rowsOf(
    db,
    sql<Found>`
      select "memberId", value, evidence from (
        select distinct on (hours.member_id) hours.member_id as "memberId", 1 - usual.count / (2.0 * hours.count) as value,
          jsonb_build_object('count', hours.count, 'hour', hours.hour) as evidence
        from (
          select owner_id as member_id, date_trunc('hour', made_at) as hour, count(*) as count
          from social.recent_pieces(${daysBefore(now, 1)})
          where kind in ('comment', 'review', 'answer', 'question', 'post', 'suggestion') group by 1, 2 having count(*) >= 15
        ) as hours
        left join social.trust on trust.member_id = hours.member_id
        cross join lateral (select (array[15, 40, 100, 200])[coalesce(trust.level, 0) + 1] as count) as usual
        where hours.count >= usual.count
        order by hours.member_id, hours.count desc
      ) as worst`,
  );

/**
 * The same words again and again. What many say, everybody says twice by chance: so it is asked how likely somebody who
 * talks as much would repeat it so often by drawing from what the others say (a bound of the binomial tail), and for how
 * many of all who talk that would hold. One account that repeats itself thrice is still let be; several that repeat the same,
 * or one that goes on, are not. A greeting under everything shares one number, a copy more. What clerks and makers answer is left out: thanking many in the same words is their work.
 */
const copies: Finder = (db, now) =>
  rowsOf(
    db,
    sql<Found>`
      with written as (
        select piece_id, member_id, bands from safety.fingerprint
        where at > ${daysBefore(now, 7)} and member_id is not null and bands <> '{}'
          and piece_id not in (select piece_id from reviews.recent_official_answers(${daysBefore(now, 8)}))
      ), said as (select member_id, count(*)::double precision as pieces from written group by member_id),
      everybody as (select count(*) as members, sum(pieces) as pieces from said),
      own as (
        select member_id, band, count(*)::double precision as own from written, unnest(bands) as band
        group by member_id, band having count(*) >= ${REPEATED_MIN}
      ), alike as (
        select band, count(*) as pieces from written, unnest(bands) as band
        where band in (select band from own) group by band
      ), repeated as (select band, count(*) as members from own group by band),
      rates as (
        select own.member_id, own.own, said.pieces as said, alike.pieces as alike, repeated.members as repeaters,
          everybody.members, own.own / said.pieces as rate,
          greatest(1, alike.pieces - own.own) / (1 + everybody.pieces - said.pieces) as usual
        from own join said using (member_id) join alike using (band) join repeated using (band) cross join everybody
      ), judged as (
        select rates.*, said * (rate * ln(rate / usual)
          + case when rate < 1 then (1 - rate) * ln((1 - rate) / (1 - usual)) else 0 end) as surprise
        from rates where rate > usual
      )
      select member_id as "memberId", value,
        jsonb_build_object('own', own, 'of', said, 'alike', alike, 'members', repeaters) as evidence
      from (
        select judged.*, value, row_number() over (partition by member_id order by value desc) as place
        from judged cross join lateral (
          select least(1 - members * exp(-surprise), 1 - 1.5 / (own * repeaters)) as value
        ) as strength
      ) as ranked
      where place = 2 and value > 0`,
  );

/**
 * Few who praise one another: among those with whom somebody exchanges praise, nearly all exchange it too, and most of what
 * they get comes from there.
 */
const rings: Finder = (db, now) =>
  rowsOf(
    db,
    sql<Found>`
      with edge as (
        select member_id as giver, owner_id as taker, count(*) as count from (
          select member_id, owner_id from social.recent_reactions(${daysBefore(now, 14)})
          union all select member_id, owner_id from reviews.recent_votes(${daysBefore(now, 14)})
        ) as praise where member_id <> owner_id group by 1, 2 having count(*) >= 2
      ), mutual as (
        select edge.giver as one, edge.taker as other, back.count from edge join edge as back
          on back.giver = edge.taker and back.taker = edge.giver
      ), circle as (
        select one, count(*) as partners, sum(count) as praise from mutual group by one having count(*) between 4 and 40
      ), closed as (
        select circle.one, count(*) as ties from circle
        join mutual as first on first.one = circle.one join mutual as second on second.one = circle.one and second.other > first.other
        join mutual as tie on tie.one = first.other and tie.other = second.other
        group by circle.one
      ), taken as (select taker, sum(count) as praise from edge group by taker)
      select circle.one as "memberId",
        round((2.0 * ties / (partners * (partners - 1)) * circle.praise / taken.praise)::numeric, 3)::double precision as value,
        jsonb_build_object('partners', partners, 'ties', ties, 'praise', circle.praise, 'of', taken.praise) as evidence
      from circle join closed on closed.one = circle.one join taken on taken.taker = circle.one
      where 2.0 * ties / (partners * (partners - 1)) * circle.praise / taken.praise >= 0.5`,
  );

/**
 * Several accounts in one browser. Families and shops share one too, so by itself it puts nobody into the queue; but three
 * who come with one browser to review one product, or to vote for one member, hardly live together.
 */
const devices: Finder = (db, now) =>
  rowsOf(
    db,
    sql<Found>`
      with shared as (
        select digest, count(*) as accounts from safety.device where seen_at > ${daysBefore(now, DEVICE_DAYS)}
        group by digest having count(*) between 3 and 50
      ), favour as (
        select member_id, owner_id as target from reviews.recent_votes(${daysBefore(now, 14)})
        union select owner_id, product_id from reviews.recent_reviews(${daysBefore(now, 14)})
      ), together as (
        select digest, target, count(*) as accounts from safety.device join shared using (digest) join favour using (member_id)
        group by digest, target having count(*) >= 3
      ), joined as (
        select member_id, max(together.accounts) as accounts from together join safety.device using (digest)
        join favour using (member_id, target) group by member_id
      )
      select member_id as "memberId",
        least(1, greatest(least(0.25, max(shared.accounts) / 16.0), coalesce(0.5 + max(joined.accounts) / 10.0, 0))) as value,
        jsonb_build_object('accounts', max(shared.accounts), 'together', max(joined.accounts)) as evidence
      from safety.device join shared using (digest) left join joined using (member_id) group by member_id`,
  );

/**
 * Accounts of a few days that together vote for one member's words and review one product: more of them than there are new
 * ones among all who do so now (a bound of the binomial tail). One thing alone that finds many new people may just have been
 * made known, so it says little; who meets again at a second one is no passer-by. Hearts are cheap, and left out.
 */
const newVoters: Finder = (db, now) =>
  rowsOf(
    db,
    sql<Found>`
      with praise as (
        select member_id, owner_id as target, 'vote' as deed from reviews.recent_votes(${daysBefore(now, 7)})
        union select owner_id, product_id, 'review' from reviews.recent_reviews(${daysBefore(now, 7)})
      ), aged as (
        select praise.member_id, target, deed, profile.made_at > ${daysBefore(now, 7)} as is_new
        from praise join social.profile on profile.member_id = praise.member_id
      ), usual as (
        select deed, least(0.99, greatest(0.01, avg(is_new::integer)))::double precision as share from aged group by deed
      ), gathered as (
        select target, deed, share, count(*) filter (where is_new)::double precision as new, count(*)::double precision as voters
        from aged join usual using (deed) group by target, deed, share
        having count(*) filter (where is_new) >= 4 and avg(is_new::integer) > share
      ), struck as (
        select target, deed, new, voters, new * ln(new / voters / share)
          + case when new < voters then (voters - new) * ln((1 - new / voters) / (1 - share)) else 0 end as surprise
        from gathered
      )
      select member_id as "memberId",
        case count(*) when 1 then least(0.25, sum(surprise) / 20) else least(0.7, 1 - exp(-sum(surprise) / 6)) end as value,
        jsonb_build_object('targets', array_agg(target order by surprise desc), 'new', max(new), 'of', max(voters)) as evidence
      from aged join struck using (target, deed) where is_new and surprise >= ${STRIKES_AT} group by member_id`,
  );

const FINDERS = {
  burst: bursts,
  copied: copies,
  ring: rings,
  device: devices,
  new_voters: newVoters,
} as const;
export type FoundKind = keyof typeof FINDERS;

/** Job, hourly. Everything is counted over days, not over all there is, and kept as figures. */
export async function findSignals(deps: Pick<Deps, 'db' | 'now' | 'config'>): Promise<void> {
  const { db, now } = deps;
  await keepDevices(deps);
  for (const [kind, find] of Object.entries(FINDERS)) {
    const found = await find(db, now());
    const signals = found.map((each) => ({ ...each, kind: kind as FoundKind, pieceId: null }));
    await inTransaction(db, (tx) => noteSignals(tx, signals, now()));
  }
  await inTransaction(db, async (tx) => {
    await sql`delete from safety.signal where at < ${daysBefore(now(), KEPT_DAYS)}`.execute(tx);
    await sql`delete from safety.device where seen_at < ${daysBefore(now(), DEVICE_DAYS)}`.execute(tx);
    await sql`delete from safety.fingerprint where at < ${daysBefore(now(), KEPT_DAYS)}`.execute(tx);
  });
  for (const memberId of await standOut(db, now()))
    await inTransaction(db, (tx) =>
      raise(tx, { profileId: memberId }, { cause: 'signal', urgency: CHECK_URGENCY }, now()),
    );
}

async function keepDevices({ db, config, now }: Pick<Deps, 'db' | 'now' | 'config'>): Promise<void> {
  const since = new Date(now().getTime() - 2 * HOUR_MS);
  const seen = await devicesSince(db, config, since, SESSIONS_MAX);
  await sql`
    insert into safety.device as known (digest, member_id, seen_at)
    select distinct on (digest, id) decode(digest, 'hex'), id, at
    from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) as t (digest text, id uuid, at timestamptz) order by digest, id, at desc
    on conflict (digest, member_id) do update set seen_at = greatest(known.seen_at, excluded.seen_at)`.execute(
    db,
  );
}

/** From what all their signals say together on. */
export const STANDS_OUT_AT = 0.75;
const LEFT_ALONE_DAYS = 30;

/**
 * Members whose signals together are strong: one alone must be nearly certain. Who waits in the queue for it already, or was
 * let be by a moderator lately, is left out.
 */
async function standOut(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ memberId: string }>`
    select strong.member_id as "memberId" from (
      select member_id, 1 - exp(sum(ln(greatest(1 - value, 0.001)))) as value from safety.signal
      where member_id is not null and piece_id is null and kind <> 'picture_label' and at > ${daysBefore(now, 1)} group by member_id
    ) as strong
    where value >= ${STANDS_OUT_AT} and not exists (
      select from safety.concern where profile_id = strong.member_id and (
        'signal' = any (causes) or exists (select from safety.act where concern_id = concern.id and kind = 'keep'
          and act.at > ${daysBefore(now, LEFT_ALONE_DAYS)})))
    order by value desc limit ${FOUND_MAX}`.execute(db);
  return rows.map(({ memberId }) => memberId);
}
