import { sql } from 'kysely';
import { cardsOf, type Picture } from '#modules/catalog/index.ts';
import {
  type Content,
  type Person,
  peopleOf,
  picturesOf,
  type Trust,
  trustOf,
} from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import type { ActKind } from './acts.ts';
import { type Concern, CONCERN_COLUMNS, CONCERN_TABLES, concernById } from './concerns.ts';
import { contentsOf, wordsOf } from './contents.ts';
import { safetyErrors } from './errors.ts';
import type { Reason } from './reasons.ts';
import type { SafetyCause, SafetySignalKind } from './tables.ts';

export const CAUSES = ['report', 'check', 'appeal', 'signal'] as const satisfies SafetyCause[];
/** Of a thing's words in the list. */
const EXCERPT_MAX = 280;
const REPORTS_SHOWN = 50;
const ACTS_SHOWN = 50;

export interface QueueLine extends Concern {
  owner: Person | null;
  words: string;
  reports: number;
  reasons: Reason[];
}

export interface QueueAsked {
  limit: number;
  cursor?: string | undefined;
  cause?: SafetyCause | undefined;
}

/**
 * What secret things say is their makers' affair: they are shown to a moderator once one who may see them reported them, or
 * their maker appealed.
 */
const MAY_BE_READ = sql`(root.visibility is distinct from 'secret' or causes && array['report', 'appeal']::safety.cause[])`;

/** What waits, the most pressing first; of those that press the same, the one that waits longest. */
export async function queue(
  db: Db,
  { limit, cursor, cause }: QueueAsked,
): Promise<{ concerns: QueueLine[]; cursor: string | null }> {
  const [urgency = '0', micros = '0', id = ''] = cursor?.split('_') ?? [];
  const after =
    cursor === undefined
      ? sql`true`
      : sql`(-urgency, opened_at, concern.id)
          > (${-Number(urgency)}::integer, to_timestamp(${micros}::numeric / 1000000), ${id}::uuid)`;
  const { rows } = await sql<Omit<QueueLine, 'owner' | 'words'> & { micros: string }>`
    select ${CONCERN_COLUMNS}, (extract(epoch from opened_at) * 1000000)::bigint::text as micros,
      (select count(*)::integer from safety.report where concern_id = concern.id) as reports,
      array(select distinct reason::text from safety.report where concern_id = concern.id order by 1) as reasons
    from ${CONCERN_TABLES}
    where is_open and ${MAY_BE_READ} and ${after} and (${cause ?? null}::safety.cause is null or ${cause ?? null} = any (causes))
    order by urgency desc, opened_at, concern.id limit ${limit + 1}`.execute(db);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const [people, contents] = await Promise.all([
    peopleOf(db, undefined, [...new Set(page.flatMap(({ ownerId }) => ownerId ?? []))]),
    contentsOf(
      db,
      page.flatMap(({ pieceId, kind }) => (pieceId === null ? [] : [{ id: pieceId, kind }])),
    ),
  ]);
  return {
    concerns: page.map(({ micros: _micros, ...line }) => {
      const owner = people.get(line.ownerId ?? '') ?? null;
      const said = line.pieceId === null ? (owner?.bio ?? '') : wordsOf(contents.get(line.pieceId));
      return { ...line, owner, words: said.slice(0, EXCERPT_MAX) };
    }),
    cursor: last ? `${last.urgency}_${last.micros}_${last.id}` : null,
  };
}

/** How much waits, by cause; up to a thousand are counted. */
export async function waiting(db: Db): Promise<Record<SafetyCause | 'all', number>> {
  const { rows } = await sql<Record<SafetyCause | 'all', number>>`
    select count(*)::integer as all, count(*) filter (where 'report' = any (causes))::integer as report,
      count(*) filter (where 'check' = any (causes))::integer as check,
      count(*) filter (where 'appeal' = any (causes))::integer as appeal,
      count(*) filter (where 'signal' = any (causes))::integer as signal
    from (select causes from ${CONCERN_TABLES} where is_open and ${MAY_BE_READ} limit 1000) as open`.execute(
    db,
  );
  return rows[0] ?? { all: 0, report: 0, check: 0, appeal: 0, signal: 0 };
}

export interface ReportLine {
  reporter: Person | null;
  /** How far whoever reports is trusted. */
  level: number;
  reason: Reason;
  words: string;
  at: Date;
}

export interface ActLine {
  id: string;
  kind: ActKind;
  reason: Reason | null;
  note: string;
  level: number | null;
  until: Date | null;
  byId: string;
  at: Date;
  appeal: string | null;
}

export interface ConcernPage extends Concern {
  owner: Person | null;
  trust: Trust | null;
  words: string;
  links: string[];
  pictures: Picture[];
  product: { slug: string; title: string } | null;
  /** What it stands within: its kind, whose it is and what it says. */
  within: { id: string; kind: string; owner: Person | null; words: string } | null;
  reports: ReportLine[];
  acts: ActLine[];
  /** What was done before about things of the same member. */
  history: { kind: ActKind; count: number; lastAt: Date }[];
  /** What stands out about it and its maker, the strongest first. */
  signals: SignalLine[];
}

export interface SignalLine {
  kind: SafetySignalKind;
  isOfMaker: boolean;
  value: number;
  evidence: Record<string, unknown>;
  at: Date;
}

/** One concern with all that whoever judges it needs to see. */
export async function concernPage(db: Db, id: string): Promise<ConcernPage> {
  const concern = await concernById(db, id);
  const isReadable =
    concern?.visibility !== 'secret' || concern.causes.some((each) => each === 'report' || each === 'appeal');
  if (!concern || !isReadable) throw safetyErrors.concern_not_found({});
  const within = await pieceLine(db, concern.withinId);
  const { pieceId, kind, ownerId } = concern;
  const [reports, acts, history, signals, contents] = await Promise.all([
    reportsOf(db, id),
    actsOf(db, id),
    historyOf(db, ownerId),
    signalsOf(db, concern),
    contentsOf(db, [...(pieceId === null ? [] : [{ id: pieceId, kind }]), ...(within ? [within] : [])]),
  ]);
  const content = contents.get(pieceId ?? '');
  const [product, pictures, trust] = await Promise.all([
    content?.productId ? productLine(db, content.productId) : null,
    picturesIn(db, content),
    ownerId ? trustOf(db, ownerId) : null,
  ]);
  const people = await peopleOf(db, undefined, [
    ...new Set(
      [ownerId, within?.ownerId, ...reports.map(({ reporterId }) => reporterId)].flatMap(
        (each) => each ?? [],
      ),
    ),
  ]);
  const owner = people.get(ownerId ?? '') ?? null;
  return {
    ...concern,
    owner,
    trust,
    words: concern.pieceId === null ? (owner?.bio ?? '') : wordsOf(content),
    links: content?.links ?? [],
    pictures: concern.pieceId === null && owner?.picture ? [owner.picture] : pictures,
    product,
    within: within && {
      id: within.id,
      kind: within.kind,
      owner: people.get(within.ownerId ?? '') ?? null,
      words: wordsOf(contents.get(within.id)).slice(0, EXCERPT_MAX),
    },
    reports: reports.map(({ reporterId, ...report }) => ({
      ...report,
      reporter: people.get(reporterId) ?? null,
    })),
    acts,
    history,
    signals,
  };
}

async function reportsOf(
  db: Db,
  concernId: string,
): Promise<(Omit<ReportLine, 'reporter'> & { reporterId: string })[]> {
  const { rows } = await sql<Omit<ReportLine, 'reporter'> & { reporterId: string }>`
    select reporter_id as "reporterId", coalesce(trust.level, 0) as level, reason, words, at
    from safety.report left join social.trust on trust.member_id = reporter_id
    where concern_id = ${concernId} order by at desc, id limit ${REPORTS_SHOWN}`.execute(db);
  return rows;
}

async function actsOf(db: Db, concernId: string): Promise<ActLine[]> {
  const { rows } = await sql<ActLine>`
    select act.id, kind, reason, note, level, until, by_id as "byId", act.at, appeal.words as appeal
    from safety.act left join safety.appeal on appeal.act_id = act.id
    where concern_id = ${concernId} order by act.at desc, act.id desc limit ${ACTS_SHOWN}`.execute(db);
  return rows;
}

async function historyOf(db: Db, ownerId: string | null): Promise<ConcernPage['history']> {
  if (ownerId === null) return [];
  const { rows } = await sql<ConcernPage['history'][number]>`
    select kind, count(*)::integer as count, max(at) as "lastAt" from safety.act where about_id = ${ownerId}
    group by kind order by kind`.execute(db);
  return rows;
}

async function signalsOf(db: Db, { pieceId, ownerId }: Concern): Promise<SignalLine[]> {
  const { rows } = await sql<SignalLine>`
    select kind, piece_id is null as "isOfMaker", value, evidence, at from safety.signal
    where piece_id = ${pieceId}::uuid or (member_id = ${ownerId}::uuid and piece_id is null)
    order by value desc, kind limit 20`.execute(db);
  return rows;
}

async function pieceLine(db: Db, id: string | null) {
  const { rows } = await sql<{ id: string; kind: string; ownerId: string | null }>`
    select id, kind, owner_id as "ownerId" from social.piece where id = ${id}::uuid`.execute(db);
  return rows[0] ?? null;
}

async function productLine(db: Db, productId: string): Promise<{ slug: string; title: string } | null> {
  const card = (await cardsOf(db, [productId])).get(productId);
  return card ? { slug: card.slug, title: card.title } : null;
}

/** A piece's photos, and what was rendered of it. */
async function picturesIn(db: Db, content: Content | undefined): Promise<Picture[]> {
  const photos = [...(await picturesOf(db, content?.photoIds ?? [])).values()];
  if (!content?.mediaId) return photos;
  const { rows } = await sql<{ picture: Picture | null }>`
    select catalog.picture(${content.mediaId}::uuid, '') as picture`.execute(db);
  return [...rows.flatMap(({ picture }) => picture ?? []), ...photos];
}
