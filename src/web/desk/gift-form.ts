import { type Static, Type } from 'typebox';
import { dayIn } from '#platform/days.ts';
import { decimalsOf, isCurrency, parseDecimal } from '#platform/money.ts';
import { exactly, Id } from '#platform/schema.ts';
import { say } from '../messages.ts';
import { Text } from '../page.ts';
import { dayBegins } from './audit-query.ts';

/** What the forms of gift cards and credit send: each with an id of its own, so that sent twice it is one act. */
export const GiftBody = exactly({
  id: Id,
  amount: Text(20),
  currency: Text(3),
  until: Type.Optional(Text(10)),
  reason: Text(300),
});
export type TypedGift = Static<typeof GiftBody>;
export type GiftErrors = Partial<Record<'amount' | 'currency' | 'until' | 'reason', string>>;

export const REASON_MAX = 200;
const AMOUNT_MAX = 100_000_000n;

/** An amount of the currency as it is typed, in minor units. */
export function minorIn(text: string, currency: string): number | undefined {
  const minor = parseDecimal(text.trim().replace(',', '.'), decimalsOf(currency));
  if (minor === undefined || minor > AMOUNT_MAX || minor < -AMOUNT_MAX) return undefined;
  return Number(minor);
}

export function reasonIn(typed: string): string | undefined {
  const reason = typed.trim();
  return reason !== '' && reason.length <= REASON_MAX ? reason : undefined;
}

export interface Gift {
  id: string;
  currency: string;
  amountMinor: number;
  expiresAt?: Date;
  reason: string;
}

/** What is to be given, or what is wrong with it, by field. A card is good until its last day is over. */
export function giftIn(
  typed: TypedGift,
  timeZone: string,
  now: Date,
): { gift: Gift; errors?: never } | { gift?: never; errors: GiftErrors } {
  const errors: GiftErrors = {};
  const currency = typed.currency.trim().toUpperCase();
  const knows = isCurrency(currency);
  if (!knows) errors.currency = say('desk.promotions.error.currency');
  const amountMinor = knows ? minorIn(typed.amount, currency) : 1;
  if (amountMinor === undefined || amountMinor <= 0) errors.amount = say('desk.gift_cards.fault.amount');
  const reason = reasonIn(typed.reason);
  if (reason === undefined) errors.reason = say('desk.gift_cards.fault.reason');
  const until = (typed.until ?? '').trim();
  const expiresAt = until === '' ? undefined : dayBegins(until, timeZone, 1);
  if (until !== '' && (!expiresAt || until < dayIn(timeZone, now)))
    errors.until = say('desk.gift_cards.fault.until');
  if (Object.keys(errors).length > 0 || amountMinor === undefined || reason === undefined) return { errors };
  return { gift: { id: typed.id, currency, amountMinor, reason, ...(expiresAt && { expiresAt }) } };
}
