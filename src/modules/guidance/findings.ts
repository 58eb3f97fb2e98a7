import { sql } from 'kysely';
import { findingOpened } from '#events/guidance.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { shiftDay } from '../insight/index.ts';
import type { Alarm } from './judge.ts';
import { guidanceErrors } from './errors.ts';
import type { Market, Watched } from './markets.ts';
import { own } from './own.ts';

export type FindingState = 'open' | 'over' | 'withdrawn';

export interface Finding extends Market {
  id: string;
  direction: 'up' | 'down';
  /** `withdrawn`: figures that came late say that nothing was the matter. */
  state: FindingState;
  fromDay: string;
  lastDay: string;
  openedAt: Date;
  changedAt: Date;
}

export interface FindingDay {
  day: string;
  span: number;
  observed: number;
  expected: number;
  low: number;
  high: number;
  chance: number;
}

/** What a day was found to be, of all series. */
export interface JudgedDay {
  day: string;
  alarms: readonly Alarm<Market>[];
}

/** After so many days within the band it is over; what leaves it sooner is the same finding. */
export const QUIET_DAYS = 7;

const COLUMNS = [
  'id',
  'metric',
  'region',
  'currency',
  'direction',
  'state',
  'from_day as fromDay',
  'last_day as lastDay',
  'opened_at as openedAt',
  'changed_at as changedAt',
] as const;

interface Stored extends Finding {
  days: Map<string, FindingDay>;
  isNew: boolean;
}

/**
 * Writes what the days were found to be, in their order and without a gap. Days that were judged before are judged anew: what
 * came late may end a finding, move it, or take it back. The same days with the same figures change nothing.
 */
export async function writeFindings(tx: Tx, judged: readonly JudgedDay[], now: Date): Promise<void> {
  const [first, last] = [judged.at(0)?.day, judged.at(-1)?.day];
  if (first === undefined || last === undefined) return;
  const before = await findingsSince(tx, shiftDay(first, -QUIET_DAYS));
  const wasAt = new Map(before.map((finding) => [finding.id, stateText(finding)]));
  for (const { days } of before)
    for (const day of days.keys()) if (day >= first && day <= last) days.delete(day);
  const all = [...before];
  for (const { day, alarms } of judged) {
    for (const { key, judgement } of alarms) {
      const { direction, ...figures } = judgement;
      let finding = all.find((each) => isSame(each, key, direction) && isNear(each, day));
      if (!finding) {
        finding = started(key, direction, day, now);
        all.push(finding);
      }
      finding.days.set(day, { day, ...figures });
    }
  }
  for (const finding of all) {
    settle(finding, last);
    if (wasAt.get(finding.id) !== stateText(finding)) await write(tx, { ...finding, changedAt: now });
  }
}

const isSame = (finding: Finding, { metric, region, currency }: Market, direction: string) =>
  finding.metric === metric &&
  finding.region === region &&
  finding.currency === currency &&
  finding.direction === direction;

/** Near one of its days; one that has none left is taken up again where it began. */
function isNear({ days, fromDay, lastDay }: Stored, day: string): boolean {
  const known = days.size > 0 ? [...days.keys()] : [fromDay, lastDay];
  return known.some((each) => each >= shiftDay(day, -QUIET_DAYS) && each <= shiftDay(day, QUIET_DAYS));
}

const started = (key: Market, direction: 'up' | 'down', day: string, now: Date): Stored => ({
  ...key,
  id: newId(),
  direction,
  state: 'open',
  fromDay: day,
  lastDay: day,
  openedAt: now,
  changedAt: now,
  days: new Map(),
  isNew: true,
});

function settle(finding: Stored, judgedTo: string): void {
  const days = [...finding.days.keys()].sort();
  finding.fromDay = days.at(0) ?? finding.fromDay;
  finding.lastDay = days.at(-1) ?? finding.lastDay;
  if (days.length === 0) finding.state = 'withdrawn';
  else finding.state = finding.lastDay > shiftDay(judgedTo, -QUIET_DAYS) ? 'open' : 'over';
}

const stateText = ({ state, days }: Stored) =>
  JSON.stringify([state, [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)).map(figuresOf)]);
const figuresOf = ({ day, span, observed, expected, low, high, chance }: FindingDay) => [
  day,
  span,
  observed,
  expected,
  low,
  high,
  chance,
];

async function write(tx: Tx, finding: Stored): Promise<void> {
  const { id, metric, region, currency, direction, state, fromDay, lastDay, openedAt, changedAt } = finding;
  const told = { state, from_day: fromDay, last_day: lastDay, changed_at: changedAt };
  await own(tx)
    .insertInto('guidance.finding')
    .values({ id, metric, region, currency, direction, opened_at: openedAt, ...told })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(told))
    .execute();
  const days = [...finding.days.values()];
  await own(tx)
    .deleteFrom('guidance.finding_day')
    .where('finding_id', '=', id)
    .$if(days.length > 0, (query) =>
      query.where(
        'day',
        'not in',
        days.map(({ day }) => day),
      ),
    )
    .execute();
  for (const day of days)
    await own(tx)
      .insertInto('guidance.finding_day')
      .values({ finding_id: id, ...day })
      .onConflict((conflict) => conflict.columns(['finding_id', 'day']).doUpdateSet({ ...day }))
      .execute();
  const [opened] = days;
  // What is over before anybody heard of it is found in the list; nobody is called.
  if (!finding.isNew || state !== 'open' || !opened) return;
  const { day, span, observed, expected } = opened;
  await emit(tx, findingOpened, {
    findingId: id,
    metric,
    region,
    currency,
    direction,
    day,
    days: span,
    observed,
    expected,
  });
}

async function findingsSince(tx: Tx, day: string): Promise<Stored[]> {
  const found = await own(tx)
    .selectFrom('guidance.finding')
    .select(COLUMNS)
    .where('last_day', '>=', day)
    .orderBy('from_day')
    .orderBy('id')
    .execute();
  const days = await daysOf(
    tx,
    found.map(({ id }) => id),
  );
  return found.map((finding) => ({
    ...asFinding(finding),
    isNew: false,
    days: new Map((days.get(finding.id) ?? []).map((each) => [each.day, each])),
  }));
}

type Row = Omit<Finding, 'metric'> & { metric: string };
// Nothing but this module writes the column, and only what it watches.
const asFinding = (row: Row): Finding => ({ ...row, metric: row.metric as Watched });

async function daysOf(db: Db, ids: readonly string[]): Promise<Map<string, FindingDay[]>> {
  const byId = new Map<string, FindingDay[]>();
  if (ids.length === 0) return byId;
  const rows = await own(db)
    .selectFrom('guidance.finding_day')
    .selectAll()
    .where('finding_id', 'in', [...ids])
    .orderBy('day')
    .execute();
  for (const { finding_id: id, ...day } of rows) byId.set(id, [...(byId.get(id) ?? []), day]);
  return byId;
}

export interface FindingQuestion {
  state?: FindingState | undefined;
  region?: string | undefined;
  metric?: Watched | undefined;
  limit: number;
}

/** The latest first, each with its days. */
export async function findings(
  db: Db,
  { state, region, metric, limit }: FindingQuestion,
): Promise<(Finding & { days: FindingDay[] })[]> {
  let query = own(db)
    .selectFrom('guidance.finding')
    .select(COLUMNS)
    .orderBy('last_day', 'desc')
    .orderBy('id')
    .limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  if (region !== undefined) query = query.where('region', '=', region);
  if (metric !== undefined) query = query.where('metric', '=', metric);
  const found = await query.execute();
  const days = await daysOf(
    db,
    found.map(({ id }) => id),
  );
  return found.map((finding) => ({ ...asFinding(finding), days: days.get(finding.id) ?? [] }));
}

export async function findingById(db: Db, id: string): Promise<Finding & { days: FindingDay[] }> {
  const found = await own(db)
    .selectFrom('guidance.finding')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!found) throw guidanceErrors.finding_not_found({});
  return { ...asFinding(found), days: (await daysOf(db, [id])).get(id) ?? [] };
}

export async function openFindingCount(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from guidance.finding where state = 'open'`.execute(db);
  return rows[0]?.count ?? 0;
}
