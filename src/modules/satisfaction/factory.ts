import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { answerToken } from './links.ts';
import { mailQuestion } from './mail-question.ts';
import { type OccasionFacts, oweQuestion } from './questions.ts';

/** An order that somebody placed, with the address that mails go to. */
export async function anAddressedOrder(
  db: Db,
  { email, customerId = null }: { email?: string; customerId?: string | null },
): Promise<string> {
  const id = randomUUID();
  await sql`
    insert into orders.order (id, number, state, touchpoint, customer_id, currency, region_code, business_day, placed_at,
      goods_minor, postage_minor, other_minor, total_minor)
    values (${id}, ${`T-${id}`}, 'paid', 'web', ${customerId}::uuid, 'EUR', 'NL', '2026-11-01', '2026-11-01T10:00:00Z',
      1000, 0, 0, 1000)`.execute(db);
  if (email !== undefined)
    await sql`
      insert into orders.order_address (order_id, email, name, street, postcode, city, country_code)
      values (${id}, ${email}, 'Ada', 'A 1', '1011', 'Delft', 'NL')`.execute(db);
  return id;
}

/** A question that is owed, and that a mail will ask. */
export async function anOwedQuestion(db: Db, facts: Partial<OccasionFacts> = {}): Promise<string> {
  const id = facts.id ?? `${randomUUID().slice(0, -12)}000000000000`; // the lot of zero is always drawn
  const usual = {
    occasion: 'return',
    orderId: null,
    customerId: null,
    touchpoint: 'web',
    regionCode: 'NL',
    locationId: null,
    occurredAt: new Date(),
  } as const;
  await inTransaction(db, (tx) => oweQuestion(tx, { ...usual, ...facts, id }));
  return id;
}

/** What a mail's link carries. */
export const aMailedToken = ({ config }: Pick<Deps, 'config'>, questionId: string): string =>
  answerToken(config, questionId, 'mail');

/** Sends the mail that is due. */
export const mailNow = (deps: Deps, questionId: string): Promise<void> => mailQuestion(deps, { questionId });
