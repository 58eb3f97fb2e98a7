import { sql } from 'kysely';
import { feeNoted } from '#events/payments.ts';
import { dayIn } from '#platform/days.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { feeAt, feeRates } from './fee-rates.ts';
import { own } from './own.ts';
import type { PaymentProvider, ProviderFee } from './provider.ts';
import { providerNamed, REPORTING } from './providers.ts';

type FeeDeps = Pick<Deps, 'db' | 'config' | 'now'>;
type ProviderOf = (name: string) => PaymentProvider;

const ENTRIES_MAX = 500;
const ASKED_MAX = 100;
/** A month of a question each day, after the first ones: what a provider has not told by then, it will not. */
const TRIES_MAX = 45;
const DAY_MINUTES = 1_440;

/** Job. Notes what taking money and giving it back cost: by our rates, or as the provider tells it. */
export async function noteFees(
  deps: FeeDeps,
  provider: ProviderOf = (name) => providerNamed(deps, name),
): Promise<void> {
  const { db, config, now } = deps;
  while (await inTransaction(db, (tx) => lookAtEntries(tx, config.timeZone, now())));
  const faults = await askForFees(db, provider, now);
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} payments could not be asked what they cost`);
}

interface MovedMoney {
  id: string;
  position: string;
  paymentId: string;
  orderId: string;
  provider: string;
  currency: string;
  isRefund: boolean;
  amountMinor: number;
  occurredAt: Date;
}

/**
 * Looks at the next entries, and moves on, all in one transaction. Only transactions below the oldest one that still runs
 * are taken: nothing can be committed among them any more. False when nothing is due, or another process is at it.
 */
export async function lookAtEntries(tx: Tx, timeZone: string, now: Date): Promise<boolean> {
  const { rows: held } = await sql`select from payments.fee_progress for update skip locked`.execute(tx);
  if (held.length === 0) return false;
  const { rows: entries } = await sql<MovedMoney & { kind: string }>`
    select entry.id::text as id, entry.committed_by::text as position, entry.payment_id as "paymentId",
      payment.order_id as "orderId", payment.provider, payment.currency, entry.kind = 'refunded' as "isRefund",
      entry.kind, entry.amount_minor as "amountMinor", entry.occurred_at as "occurredAt"
    from payments.fee_progress progress
    cross join lateral (
      select * from payments.entry
      where (committed_by, id) > (progress.position, progress.entry_id)
        and committed_by < pg_snapshot_xmin(pg_current_snapshot())
      order by committed_by, id limit ${ENTRIES_MAX}
    ) as entry
    join payments.payment on payment.id = entry.payment_id
    order by entry.committed_by, entry.id`.execute(tx);
  const last = entries.at(-1);
  if (!last) return false;
  const moved = entries.filter(({ kind, amountMinor }) => MOVES.has(kind) && amountMinor > 0);
  const reporting = moved.filter(({ provider }) => REPORTING.has(provider));
  await noteDue(tx, reporting, now);
  const rates = await feeRates(tx);
  for (const entry of moved) {
    if (REPORTING.has(entry.provider)) continue;
    const day = dayIn(timeZone, entry.occurredAt);
    const feeMinor = feeAt(rates, { ...entry, day });
    const { id, isRefund: isOfRefund, currency, occurredAt: at } = entry;
    const told = { providerMinor: feeMinor, providerCurrency: currency, at };
    await noteFee(tx, entry, { ref: `entry:${id}`, isOfRefund, feeMinor, ...told }, now);
  }
  await sql`update payments.fee_progress set position = ${last.position}::xid8, entry_id = ${last.id}`.execute(
    tx,
  );
  return true;
}

const MOVES: ReadonlySet<string> = new Set(['captured', 'refunded']);

async function noteDue(tx: Tx, entries: readonly MovedMoney[], now: Date): Promise<void> {
  for (const { paymentId, id } of entries) {
    await sql`
      insert into payments.fee_due (payment_id, entry_id, ask_at) values (${paymentId}, ${id}::bigint, ${now})
      on conflict (payment_id) do update set entry_id = excluded.entry_id, ask_at = excluded.ask_at, asked = 0`.execute(
      tx,
    );
  }
}

/** A fee that was noted before is not noted again. */
async function noteFee(
  tx: Tx,
  { paymentId, orderId, currency }: { paymentId: string; orderId: string; currency: string },
  { ref, isOfRefund, feeMinor: amountMinor, providerMinor, providerCurrency, at }: ProviderFee,
  now: Date,
): Promise<void> {
  if (amountMinor === 0) return;
  const id = newId(now.getTime());
  const noted = await own(tx)
    .insertInto('payments.fee_entry')
    .values({
      id,
      reference: ref,
      payment_id: paymentId,
      is_of_refund: isOfRefund,
      amount_minor: amountMinor,
      provider_minor: providerMinor,
      provider_currency: providerCurrency,
      occurred_at: at,
      noted_at: now,
    })
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!noted) return;
  const facts = { orderId, paymentId, feeId: id, isOfRefund, amountMinor, currency };
  await emit(tx, feeNoted, { ...facts, occurredAt: at.toISOString() });
}

/** Asks providers what they took, outside any transaction. Two at once note it once. Answers what went wrong. */
async function askForFees(db: Db, provider: ProviderOf, now: () => Date): Promise<unknown[]> {
  const { rows: due } = await sql<Due>`
    select payment_id as "paymentId", entry_id::text as "entryId", asked, order_id as "orderId", provider, currency,
      provider_ref as "providerRef"
    from payments.fee_due join payments.payment on payment.id = payment_id
    where ask_at <= ${now()} order by ask_at limit ${ASKED_MAX}`.execute(db);
  const faults: unknown[] = [];
  for (const payment of due) {
    // One that can't be asked keeps none of the others waiting.
    const told = await askOne(provider, payment).catch((error: unknown) => {
      faults.push(error);
      return { fees: [], isComplete: false };
    });
    await inTransaction(db, async (tx) => {
      for (const fee of told.fees) await noteFee(tx, payment, fee, now());
      await settleDue(tx, payment, told.isComplete, now());
    });
  }
  return faults;
}

interface Due {
  paymentId: string;
  entryId: string;
  asked: number;
  orderId: string;
  provider: string;
  currency: string;
  providerRef: string | null;
}

async function askOne(providerOf: ProviderOf, { provider, ...payment }: Due) {
  const asked = providerOf(provider);
  return (await asked.fees?.(payment)) ?? { fees: [], isComplete: true };
}

/** What was entered meanwhile is asked for again. */
async function settleDue(tx: Tx, due: Due, isComplete: boolean, now: Date): Promise<void> {
  const { paymentId, entryId, asked } = due;
  if (isComplete || asked + 1 >= TRIES_MAX) {
    await sql`
      delete from payments.fee_due where payment_id = ${paymentId} and entry_id = ${entryId}::bigint`.execute(
      tx,
    );
    return;
  }
  const minutes = Math.min(2 ** asked, DAY_MINUTES);
  const askAt = new Date(now.getTime() + minutes * 60_000);
  await sql`
    update payments.fee_due set asked = asked + 1, ask_at = ${askAt}
    where payment_id = ${paymentId} and entry_id = ${entryId}::bigint`.execute(tx);
}

/** The provider has news of what a payment cost: it is asked with the next turn of the job. */
export async function hastenFees(tx: Tx, paymentId: string, now: Date): Promise<void> {
  await own(tx)
    .updateTable('payments.fee_due')
    .set({ ask_at: now })
    .where('payment_id', '=', paymentId)
    .where('ask_at', '>', now)
    .execute();
}

/**
 * The provider has news of what a payment cost that was asked about for the last time: a bank takes money back months later. It is asked
 * again, by its name there. Nothing happens where no payment has that name.
 */
export async function askFeesAgain(tx: Tx, provider: string, providerRef: string, now: Date): Promise<void> {
  await sql`
    insert into payments.fee_due (payment_id, entry_id, ask_at)
    select payment.id, coalesce(max(entry.id), 0), ${now}::timestamptz
    from payments.payment left join payments.entry on payment_id = payment.id
    where payment.provider = ${provider} and payment.provider_ref = ${providerRef}
    group by payment.id
    on conflict (payment_id) do update set ask_at = excluded.ask_at, asked = 0`.execute(tx);
}
