import { sql } from 'kysely';
import { askedAbout } from '#modules/orders/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { satisfactionErrors } from './errors.ts';
import { own } from './own.ts';
import { type Rule, rules, settings } from './rules.ts';
import type { Occasion, Scale } from './scales.ts';

export const MAIL_QUESTION = 'satisfaction.mail_question';
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];

/** What happened, to whom and where: as it goes into the ledger. */
export interface OccasionFacts {
  id: string;
  occasion: Occasion;
  orderId: string | null;
  customerId: string | null;
  touchpoint: string;
  regionCode: string;
  locationId: string | null;
  occurredAt: Date;
}

export interface Question extends OccasionFacts {
  scale: Scale;
}

const COLUMNS = [
  'id',
  'occasion',
  'scale',
  'order_id as orderId',
  'customer_id as customerId',
  'touchpoint',
  'region_code as regionCode',
  'location_id as locationId',
  'occurred_at as occurredAt',
] as const;

/**
 * One question is owed from now on. Of those that are drawn a mail asks it, later; the lot follows from the id, and knows
 * nothing of how it went. The same id with the same facts is a retry. `contactId` is the case it is about.
 */
export const oweQuestion = (tx: Tx, facts: OccasionFacts, contactId?: string): Promise<void> =>
  oweQuestions(tx, [facts], contactId);

/** The same of several occasions. */
export async function oweQuestions(
  tx: Tx,
  occasions: readonly OccasionFacts[],
  contactId?: string,
): Promise<void> {
  if (occasions.length === 0) return;
  const ruleOf = new Map((await rules(tx)).map((rule) => [rule.occasion, rule]));
  const owed = occasions.map((facts) => {
    const rule = ruleOf.get(facts.occasion);
    if (!rule) throw new Error(`satisfaction.rule has lost ${facts.occasion}`);
    return { facts, rule };
  });
  const rows = owed.map(({ facts, rule: { scale } }) => ({ ...facts, scale }));
  const { rows: written } = await sql<{ id: string }>`
    insert into satisfaction.question (id, occasion, scale, order_id, customer_id, touchpoint, region_code, location_id,
      occurred_at)
    select id, occasion, scale, "orderId", "customerId", touchpoint, "regionCode", "locationId", "occurredAt"
    from json_to_recordset(${JSON.stringify(rows)}) as owed (id uuid, occasion satisfaction.occasion,
      scale satisfaction.scale, "orderId" uuid, "customerId" uuid, touchpoint text, "regionCode" text, "locationId" uuid,
      "occurredAt" timestamptz)
    on conflict do nothing returning id`.execute(tx);
  const isNew = new Set(written.map(({ id }) => id));
  for (const { facts, rule } of owed) {
    if (!isNew.has(facts.id)) await refuseAnother(tx, facts);
    else if (isDrawn(facts.id, rule.mailedPercent)) await askByMail(tx, facts, rule, contactId);
  }
}

async function askByMail(
  tx: Tx,
  { id, occurredAt }: OccasionFacts,
  rule: Rule,
  contactId: string | undefined,
): Promise<void> {
  const dueAt = new Date(occurredAt.getTime() + rule.mailsAfterHours * HOUR_MS);
  await own(tx)
    .insertInto('satisfaction.mailing')
    .values({ question_id: id, due_at: dueAt, contact_id: contactId ?? null })
    .execute();
  await addJob(tx, MAIL_QUESTION, { questionId: id }, id, { runAt: dueAt });
}

async function refuseAnother(tx: Tx, facts: OccasionFacts): Promise<void> {
  const { scale: _scale, ...known } = await questionById(tx, facts.id);
  const isSame = Object.entries(known).every(
    ([name, value]) => String(value) === String(facts[name as keyof OccasionFacts]),
  );
  if (!isSame) throw satisfactionErrors.question_differs({});
}

export async function isOwed(db: Db, id: string): Promise<boolean> {
  const found = await own(db)
    .selectFrom('satisfaction.question')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  return found !== undefined;
}

/** The last digits of an id are a hash or random: each question has the same chance, and the same one each time. */
export const isDrawn = (id: string, percent: number): boolean =>
  Number(BigInt(`0x${id.slice(-12)}`) % 100n) < percent;

export async function questionById(db: Db, id: string): Promise<Question> {
  const question = await own(db)
    .selectFrom('satisfaction.question')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!question) throw satisfactionErrors.question_not_found({});
  return question;
}

/** The latest of an order that is neither answered nor over; undefined where there is none. */
export async function openQuestionOf(
  db: Db,
  orderId: string,
  now: Date,
): Promise<{ id: string; occasion: Occasion } | undefined> {
  const { openDays } = await settings(db);
  return own(db)
    .selectFrom('satisfaction.question as question')
    .select(['id', 'occasion'])
    .where('order_id', '=', orderId)
    .where('occurred_at', '>', new Date(now.getTime() - openDays * DAY_MS))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('satisfaction.answer as answer')
            .select('answer.id')
            .whereRef('answer.question_id', '=', 'question.id'),
        ),
      ),
    )
    .orderBy('occurred_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** An occasion that somebody else knows of: a case, or what happened in a system beside ours. */
export async function startOccasion(
  tx: Tx,
  wish: Omit<OccasionFacts, 'customerId' | 'touchpoint' | 'regionCode'> & {
    touchpoint?: string;
    regionCode?: string;
  },
): Promise<void> {
  const { orderId, touchpoint, regionCode, ...rest } = wish;
  const order = orderId === null ? undefined : await askedAbout(tx, orderId);
  if (!order && (orderId !== null || wish.occasion !== 'case')) throw satisfactionErrors.order_unknown({});
  await oweQuestion(tx, {
    ...rest,
    orderId,
    customerId: order?.customerId ?? null,
    touchpoint: touchpoint ?? order?.touchpoint ?? 'service',
    regionCode: regionCode ?? order?.regionCode ?? '',
  });
}
