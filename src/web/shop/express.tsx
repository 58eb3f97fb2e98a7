import { type Cart, lastAddressOf, type PromisedOption } from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import type { Db } from '#platform/db.ts';
import { Button } from '../components/Button.tsx';
import { countryName, type Format } from '../format.ts';
import { t } from '../messages.ts';
import { promiseText } from './arrival.ts';
import { isShort } from './cart.tsx';
import { errorsOf, type Typed } from './checkout-form.ts';
import { choiceOf } from './checkout-summary.tsx';

/** What was typed last time, where the viewer has bought before: each field of the form, to be changed or left. */
export async function typedLastTime(reads: Db, { memberId }: Viewer): Promise<Partial<Typed>> {
  const last = memberId === undefined ? undefined : await lastAddressOf(reads, memberId);
  if (!last) return {};
  const { countryCode: country, email: _asked, ...address } = last.address;
  return { ...address, country, ...(last.deliveryCode !== null && { delivery: `${last.deliveryCode}:` }) };
}

interface Props {
  cart: Cart;
  typed: Typed;
  chosen: PromisedOption | undefined;
  format: Format;
}

/**
 * The whole order on one card with one button, for who has bought before. A form of its own: what is changed in the one
 * below is not in it.
 */
export function Express({ cart, typed, chosen, format }: Props) {
  if (!chosen?.promise || chosen.kind === 'pickup' || cart.lines.some(isShort)) return null;
  const sent = { ...typed, delivery: choiceOf(chosen, cart), cart: cart.id, goods: String(cart.totalMinor) };
  if (Object.keys(errorsOf(sent)).length > 0) return null;
  const total = format.money(chosen.totalMinor, cart.currency);
  return (
    <form method="post" action="/checkout" class="express" aria-labelledby="express">
      {Object.entries(sent).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <h2 id="express">{t('checkout.express')}</h2>
      <ul>
        {cart.lines.map(({ variantId, variant, quantity }) => (
          <li key={variantId}>
            {quantity} × {variant?.title}
            {variant?.options && <span class="soft"> {variant.options}</span>}
          </li>
        ))}
      </ul>
      <p>
        {typed.name}, {typed.street}, {typed.postcode} {typed.city}, {countryName(typed.country, format)}
      </p>
      <p class="soft">
        {chosen.name}
        <br />
        {promiseText(chosen.kind, chosen.promise, format)}
      </p>
      <Button class="wide">{t('checkout.express.pay', { sum: total })}</Button>
      <p class="soft small">{t('checkout.express.hint')}</p>
    </form>
  );
}
