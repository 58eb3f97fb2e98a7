import { sql } from 'kysely';
import { type Actor, record } from '../identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { divideHalfEven } from '#platform/money.ts';
import { own } from './own.ts';

/** The means whose fees nobody reports: what they cost is what is set here. */
export const RATED_MEANS = ['cash', 'gift_card', 'store_credit', 'external', 'test'] as const;
export type RatedMeans = (typeof RATED_MEANS)[number];

/** What a means of payment costs from a day on. */
export interface FeeRate {
  provider: RatedMeans;
  currency: string;
  /** YYYY-MM-DD by the clock of the retailer. */
  startsOn: string;
  /** Of what is taken: 14 000 is 1.4 %. */
  perMillion: number;
  /** For each time that money is taken, in minor units. */
  fixedMinor: number;
  /** For each refund, in minor units. What was taken for the payment is kept. */
  refundMinor: number;
}

/** All rates, each means' in the order of their days. */
export async function feeRates(db: Db): Promise<FeeRate[]> {
  const rows = await own(db)
    .selectFrom('payments.fee_rate')
    .select([
      'provider',
      'currency',
      'starts_on as startsOn',
      'per_million as perMillion',
      'fixed_minor as fixedMinor',
      'refund_minor as refundMinor',
    ])
    .orderBy('provider')
    .orderBy('currency')
    .orderBy('starts_on')
    .execute();
  return rows.flatMap(({ provider, ...rate }) => {
    const means = RATED_MEANS.find((name) => name === provider);
    return means ? [{ ...rate, provider: means }] : [];
  });
}

/**
 * What is noted already stays: a rate is for the money of its day and later, as far as nobody has looked at it. Set again as it
 * is, nothing happened.
 */
export async function setFeeRate(tx: Tx, actor: Actor, rate: FeeRate, now: Date): Promise<void> {
  const { provider, currency, startsOn, perMillion, fixedMinor, refundMinor } = rate;
  const { rows: changed } = await sql`
    insert into payments.fee_rate as known
      (provider, currency, starts_on, per_million, fixed_minor, refund_minor, set_by, set_at)
    values (${provider}, ${currency}, ${startsOn}, ${perMillion}, ${fixedMinor}, ${refundMinor}, ${actor}, ${now})
    on conflict (provider, currency, starts_on) do update set per_million = excluded.per_million,
      fixed_minor = excluded.fixed_minor, refund_minor = excluded.refund_minor, set_by = excluded.set_by,
      set_at = excluded.set_at
    where (known.per_million, known.fixed_minor, known.refund_minor)
      <> (excluded.per_million, excluded.fixed_minor, excluded.refund_minor)
    returning known.provider`.execute(tx);
  if (changed.length === 0) return;
  await record(tx, actor, 'fee_rate_set', undefined, { ...rate });
}

export interface TakenOrGivenBack {
  provider: string;
  currency: string;
  day: string;
  isRefund: boolean;
  amountMinor: number;
}

/** To the minor unit, half to even; nothing where no rate is in force. */
export function feeAt(rates: readonly FeeRate[], of: TakenOrGivenBack): number {
  const rate = rates.findLast(
    ({ provider, currency, startsOn }) =>
      provider === of.provider && currency === of.currency && startsOn <= of.day,
  );
  if (!rate) return 0;
  if (of.isRefund) return rate.refundMinor;
  const share = divideHalfEven(BigInt(of.amountMinor) * BigInt(rate.perMillion), 1_000_000n);
  return Number(share) + rate.fixedMinor;
}
