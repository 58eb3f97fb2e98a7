import type { ProductDetail, ProductVariant } from '#modules/catalog/index.ts';
import type { Later } from '#modules/inventory/index.ts';
import { Button } from '../components/Button.tsx';
import { Icon } from '../components/Icon.tsx';
import { Price } from '../components/Price.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { laterText } from './waiting-text.ts';

interface Props {
  product: ProductDetail;
  chosen: ProductVariant | undefined;
  /** What may be ordered before it is here, by variant. */
  later: ReadonlyMap<string, Later>;
  now: Date;
  format: Format;
  /** What prices are asked for in, where that is not the marketplace's own currency. */
  beside: string | undefined;
}

/**
 * Options as radio chips, and the one action. The form names option values, not a variant, so that it works without
 * script; `add-to-cart` then changes price, picture and availability as somebody chooses.
 */
export function BuyForm({ product, chosen, later, now, format, beside }: Props) {
  const wordsOf = (variant: ProductVariant) => stockWords(variant, later.get(variant.id), now, format);
  const words = chosen ? wordsOf(chosen) : '';
  const isAvailable = words !== '';
  const isSoldOut = !isAvailable && product.variants.length === 1;
  return (
    <add-to-cart
      data-variants={product.variants
        .map((variant) => factsOf(variant, wordsOf(variant), format, beside))
        .join('\n')}
      data-out={t('buy.not_in_stock')}
      data-to-cart={t('buy.to_cart')}
    >
      <form method="post" action="/cart" class="buy">
        <input type="hidden" name="product" value={product.slug} />
        <p class="buy-price" aria-live="polite">
          <Price price={chosen ? chosen.price : product.price} format={format} beside={beside} />
        </p>
        {product.options.map(({ name, values }, index) => (
          <fieldset key={name} class="option">
            <legend>{name}</legend>
            <div class="option-values">
              {values.map((value) => (
                <label key={value} class="option-value">
                  <input type="radio" {...radio(index, value, chosen)} />
                  <span>{value}</span>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
        <div class="buy-row">
          <label class="visually-hidden" for="quantity">
            {t('cart.quantity')}
          </label>
          <input
            id="quantity"
            class="quantity"
            type="number"
            name="quantity"
            value="1"
            min={1}
            max={99}
            required
          />
          <Button class="wide" disabled={isSoldOut}>
            {isSoldOut ? t('buy.sold_out') : t('buy.add')}
          </Button>
          {!isSoldOut && (
            <Button class="wide buy-now" look="plain" name="goOn" value="checkout">
              {t('buy.now')}
            </Button>
          )}
        </div>
        <p class={`availability ${isAvailable ? 'in' : 'out'}`} aria-live="polite">
          <Icon name={isAvailable ? 'check' : 'close'} size={16} />
          <span>{words || t('buy.not_in_stock')}</span>
        </p>
        <p class="buy-status" role="status" />
      </form>
    </add-to-cart>
  );
}

/** Each option is its own group: `option-0=Sage&option-1=Large`. */
const radio = (place: number, value: string, chosen: ProductVariant | undefined) => ({
  name: `option-${place}`,
  value,
  checked: chosen?.optionValues[place] === value,
});

/** How it can be had; empty where it can't. */
function stockWords(
  { inStock, price }: ProductVariant,
  later: Later | undefined,
  now: Date,
  format: Format,
): string {
  if (price === null) return '';
  if (inStock) return t('buy.in_stock');
  return later ? laterText(later, now, format) : '';
}

/** What the browser needs to show another variant at once: price, price before, how it can be had, values; parted by tabs. */
function factsOf(variant: ProductVariant, words: string, format: Format, beside: string | undefined): string {
  const { optionValues, price } = variant;
  const none = beside === undefined ? t('price.none') : t('price.not_in', { currency: beside });
  const now = price ? format.money(price.amountMinor, price.currency) : none;
  const before = price?.compareAtMinor ? format.money(price.compareAtMinor, price.currency) : '';
  return [now, before, words, ...optionValues].join('\t');
}
