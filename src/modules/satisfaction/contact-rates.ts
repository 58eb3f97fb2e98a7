import { type Actor, record } from '#modules/identity/index.ts';
import { contactCosted } from '#events/satisfaction.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { roundHalfEven } from '#platform/money.ts';
import { own } from './own.ts';

export const CONTACT_MINUTES_MAX = 10_000;
export const MINUTE_MINOR_MAX = 1_000_000;

/** What a contact with staff costs. */
export interface ContactRate {
  /** The first day, by UTC, of the contacts that it is for. */
  startsOn: string;
  currency: string;
  /** That a contact takes. */
  minutes: number;
  /** A minute of work, in minor units, which may have decimals. */
  minuteMinor: number;
}

/** In the order of their days. */
export const contactRates = (db: Db): Promise<ContactRate[]> =>
  own(db)
    .selectFrom('satisfaction.contact_rate')
    .select(['starts_on as startsOn', 'currency', 'minutes', 'minute_minor as minuteMinor'])
    .orderBy('starts_on')
    .execute();

/** From a day on, until the day of a later rate. What contacts cost that were noted already stays. */
export async function setContactRate(tx: Tx, actor: Actor, rate: ContactRate, now: Date): Promise<void> {
  const { startsOn, currency, minutes, minuteMinor } = rate;
  const values = { currency, minutes, minute_minor: minuteMinor, set_at: now };
  await own(tx)
    .insertInto('satisfaction.contact_rate')
    .values({ starts_on: startsOn, ...values })
    .onConflict((conflict) => conflict.column('starts_on').doUpdateSet(values))
    .execute();
  await record(tx, actor, 'contact_rate_set', startsOn, { currency, minutes, minuteMinor });
}

/** To the minor unit, half to even. */
export const costOfContact = ({ minutes, minuteMinor }: ContactRate): number =>
  roundHalfEven(minutes * minuteMinor);

interface Noted {
  contactId: string;
  orderId: string;
  occurredAt: Date;
}

/** Tells what a contact about an order cost, where a rate of its day says so. */
export async function tellCost(tx: Tx, { occurredAt, ...contact }: Noted, day: string): Promise<void> {
  const rate = await own(tx)
    .selectFrom('satisfaction.contact_rate')
    .select(['starts_on as startsOn', 'currency', 'minutes', 'minute_minor as minuteMinor'])
    .where('starts_on', '<=', day)
    .orderBy('starts_on', 'desc')
    .limit(1)
    .executeTakeFirst();
  const amountMinor = rate ? costOfContact(rate) : 0;
  if (!rate || amountMinor === 0) return;
  const { currency } = rate;
  await emit(tx, contactCosted, { ...contact, currency, amountMinor, occurredAt: occurredAt.toISOString() });
}
