import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { isCurrency } from '#platform/money.ts';
import type { Actor } from '../identity/index.ts';
import { knownRegions } from '../market/index.ts';
import { own } from './own.ts';

/** A line of what was spent, as its source counts it. */
export interface SpendLine {
  /** What the source calls it: told again, it is the same line. */
  reference: string;
  /** YYYY-MM-DD */
  day: string;
  /** A country or an area. */
  regionCode: string;
  campaign: string;
  currency: string;
  /** In minor units of it; zero takes the line back. */
  amountMinor: number;
}

/** Why a line is not taken. */
export const SPEND_REFUSALS = ['reference_twice', 'region_unknown', 'currency_unknown', 'day_unfit'] as const;
export type SpendRefusal = (typeof SPEND_REFUSALS)[number];

export interface SpendOutcome {
  reference: string;
  outcome: 'added' | 'changed' | 'removed' | 'same' | 'refused';
  refusal?: SpendRefusal;
}

/** Nobody spent anything on markets of ours before; and what is to come is not spent yet. */
const FIRST_DAY = '2000-01-01';

/**
 * Takes lines of a source, in their order; those that cannot be are told with the reason, and keep none of the others out. A line
 * that stands as it is told changes nothing; any other is put right by entries, so that the sum of its entries is what was told.
 */
export async function noteSpend(
  tx: Tx,
  source: string,
  lines: readonly SpendLine[],
  { actor, today, now }: { actor: Actor; today: string; now: Date },
): Promise<SpendOutcome[]> {
  const regions = await knownRegions(tx, [...new Set(lines.map(({ regionCode }) => regionCode))]);
  const seen = new Set<string>();
  const refusals = lines.map((line): SpendRefusal | undefined => {
    if (seen.has(line.reference)) return 'reference_twice';
    seen.add(line.reference);
    if (!regions.has(line.regionCode)) return 'region_unknown';
    if (!isCurrency(line.currency)) return 'currency_unknown';
    return line.day < FIRST_DAY || line.day > today ? 'day_unfit' : undefined;
  });
  const taken = lines.filter((_, index) => refusals[index] === undefined);
  const changed =
    taken.length === 0 ? new Map<string, Changed>() : await putRight(tx, source, taken, actor, now);
  return lines.map(({ reference }, index) => {
    const refusal = refusals[index];
    if (refusal) return { reference, outcome: 'refused', refusal };
    return { reference, outcome: outcomeOf(changed.get(reference)) };
  });
}

/** How many entries take something off a line, and how many add to it. */
interface Changed {
  off: number;
  on: number;
}

const outcomeOf = (changed: Changed | undefined): SpendOutcome['outcome'] => {
  if (!changed) return 'same';
  if (changed.off === 0) return 'added';
  return changed.on === 0 ? 'removed' : 'changed';
};

/** What stands of a line and was not told is taken off, what was told and does not stand is entered. */
async function putRight(
  tx: Tx,
  source: string,
  lines: readonly SpendLine[],
  actor: Actor,
  now: Date,
): Promise<Map<string, Changed>> {
  await sql`
    insert into marketing.source (source, told_at) values (${source}, ${now})
    on conflict (source) do update set told_at = greatest(source.told_at, excluded.told_at)`.execute(tx);
  const column = <Value>(valueOf: (line: SpendLine) => Value) => lines.map(valueOf);
  const { rows } = await sql<Changed & { reference: string }>`
    with told as (
      select * from unnest(
        ${column(({ reference }) => reference)}::text[], ${column(({ day }) => day)}::date[],
        ${column(({ regionCode }) => regionCode)}::text[], ${column(({ campaign }) => campaign)}::text[],
        ${column(({ currency }) => currency)}::text[], ${column(({ amountMinor }) => amountMinor)}::bigint[]
      ) as line (reference, day, region_code, campaign, currency, amount_minor)
    ), standing as (
      select reference, day, region_code, campaign, currency, sum(amount_minor)::bigint as amount_minor
      from marketing.spend_entry where source = ${source} and reference in (select reference from told)
      group by reference, day, region_code, campaign, currency having sum(amount_minor) <> 0
    ), off as (
      select reference, day, region_code, campaign, currency, -amount_minor as amount_minor from (
        select * from standing except select * from told) as wrong
    ), added as (
      select * from (select * from told except select * from standing) as missing where amount_minor <> 0
    ), written as (
      insert into marketing.spend_entry (source, reference, day, region_code, campaign, currency, amount_minor, actor)
      select ${source}, change.*, ${actor} from (
        select * from off union all select * from added order by reference) as change
      returning reference, amount_minor
    )
    select reference, count(*) filter (where amount_minor < 0)::integer as off,
      count(*) filter (where amount_minor > 0)::integer as on
    from written group by reference`.execute(tx);
  return new Map(rows.map(({ reference, off, on }) => [reference, { off, on }]));
}

export interface StandingSpend extends SpendLine {
  source: string;
}

export interface SpendQuestion {
  from: string;
  to: string;
  source?: string | undefined;
  /** The last line of the page before. */
  after?: { day: string; source: string; reference: string } | undefined;
  limit: number;
}

/** What stands of the lines of some days, the latest day first. */
export async function spendSeen(
  db: Db,
  { from, to, source, after, limit }: SpendQuestion,
): Promise<{ lines: StandingSpend[]; hasMore: boolean }> {
  const ofSource = source === undefined ? sql`` : sql`and source = ${source}`;
  const beyond = after
    ? sql`and (day < ${after.day}::date or day = ${after.day}::date
        and (source, reference) > (${after.source}, ${after.reference}))`
    : sql``;
  const { rows } = await sql<StandingSpend>`
    select source, reference, day::text, region_code as "regionCode", campaign, currency,
      sum(amount_minor)::bigint as "amountMinor"
    from marketing.spend_entry entry
    where day between ${from}::date and ${to}::date ${ofSource} ${beyond}
    group by source, reference, entry.day, region_code, campaign, currency having sum(amount_minor) <> 0
    order by entry.day desc, source, reference limit ${limit + 1}`.execute(db);
  return { lines: rows.slice(0, limit), hasMore: rows.length > limit };
}

export interface SpendSource {
  source: string;
  toldAt: Date;
}

export async function spendSources(db: Db): Promise<SpendSource[]> {
  return own(db)
    .selectFrom('marketing.source')
    .select(['source', 'told_at as toldAt'])
    .orderBy('source')
    .execute();
}
