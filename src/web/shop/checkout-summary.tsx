import type { Cart, CartLine, PromisedOption } from '#modules/orders/index.ts';
import { Button } from '../components/Button.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { isShort, shortText } from './cart.tsx';
import { lineWaitsText } from './waiting-text.ts';
import { type CodeFault, Codes, DiscountRows, TaxRow } from './sums.tsx';

/** Where the buttons beside the order send its form. */
export const WHAT_IS_THERE = '/checkout/what-is-there';
export const CODES = '/checkout/codes';

export const WAYS = '/checkout/ways';

/** "standard:495": the way, and what it adds to the cart's total; "collect:0:pickup" is collected in a store. */
export const choiceOf = ({ code, kind, totalMinor }: PromisedOption, cart: Cart) =>
  `${code}:${totalMinor - cart.totalMinor}${kind === 'pickup' ? ':pickup' : ''}`;

interface SummaryProps {
  cart: Cart;
  deliveries: readonly PromisedOption[];
  chosen: PromisedOption | undefined;
  codeFault: CodeFault | undefined;
  format: Format;
}

export function Summary({ cart, deliveries, chosen, codeFault, format }: SummaryProps) {
  const { lines, currency } = cart;
  return (
    <aside class="summary" aria-label={t('cart.summary')}>
      <h2>{t('checkout.order')}</h2>
      <order-sum>
        <dl class="sums">
          {lines.map((line) => (
            <SummaryLine
              key={line.variantId}
              line={line}
              price={format.money(line.netMinor, currency)}
              format={format}
              currency={currency}
            />
          ))}
        </dl>
        {deliveries.map((delivery) => (
          <dl
            key={delivery.code}
            class="sums"
            data-delivery={choiceOf(delivery, cart)}
            hidden={delivery !== chosen}
          >
            <DeliverySums cart={cart} delivery={delivery} format={format} />
          </dl>
        ))}
      </order-sum>
      {lines.some(isShort) ? (
        <Button class="wide" formaction={WHAT_IS_THERE}>
          {t('checkout.take')}
        </Button>
      ) : (
        <>
          <Button class="wide">{t('checkout.pay')}</Button>
          <p class="soft small">{t('checkout.hold')}</p>
        </>
      )}
      <Codes codes={cart.codes} fault={codeFault} action={CODES} />
    </aside>
  );
}

interface SumsProps {
  cart: Cart;
  delivery: PromisedOption;
  format: Format;
}

/** What a way of delivery makes of the sum: a discount may be of the postage. */
function DeliverySums({ cart: { currency, isTaxIncluded }, delivery, format }: SumsProps) {
  const { amountMinor, discounts, taxMinor, totalMinor } = delivery;
  const tax = (
    <TaxRow taxMinor={taxMinor} isTaxIncluded={isTaxIncluded} currency={currency} format={format} />
  );
  return (
    <>
      <div class="sum">
        <dt>{t('checkout.delivery')}</dt>
        <dd>{amountMinor === 0 ? t('checkout.free') : format.money(amountMinor, currency)}</dd>
      </div>
      <DiscountRows discounts={discounts} currency={currency} format={format} />
      {!isTaxIncluded && tax}
      <div class="sum total">
        <dt>{t('checkout.total')}</dt>
        <dd>{format.money(totalMinor, currency)}</dd>
      </div>
      {isTaxIncluded && tax}
    </>
  );
}

interface LineProps {
  line: CartLine;
  price: string;
  currency: string;
  format: Format;
}

function SummaryLine({ line, price, currency, format }: LineProps) {
  const { variant, quantity } = line;
  return (
    <div class="sum sum-line">
      <dt>
        {quantity} × {(variant ?? line.unpriced)?.title ?? t('cart.gone')}
        {variant?.options && <span class="soft"> {variant.options}</span>}
        {isShort(line) && <span class="cart-short">{shortText(line, currency)}</span>}
        {line.waits && <span class="soft"> {lineWaitsText(line, format)}</span>}
      </dt>
      <dd>{price}</dd>
    </div>
  );
}
