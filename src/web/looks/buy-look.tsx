import type { ProductDetail, ProductVariant } from '#modules/catalog/index.ts';
import type { LookPage, Placed } from '#read/look-page.ts';
import { Button } from '../components/Button.tsx';
import { Price } from '../components/Price.tsx';
import { Picture } from '../components/Picture.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';

/** One line of the list: a product that the look shows, however often. */
interface Line {
  item: Placed;
  product: ProductDetail | undefined;
  alternatives: ProductDetail[];
  /** What is taken unless somebody chooses otherwise: the maker's choice, or the first that is there. */
  chosen: ProductVariant | undefined;
}

const canBeHad = ({ inStock, price }: ProductVariant) => inStock && price !== null;

export function linesOf({ items, products, alternatives }: LookPage): Line[] {
  const first = new Map(items.map((item) => [item.productId, item] as const).toReversed());
  return [...first.values()]
    .toSorted((a, b) => a.place - b.place)
    .map((item) => {
      const product = products.get(item.productId);
      const wanted = product?.variants.find(({ id }) => id === item.variantId);
      const chosen = wanted && canBeHad(wanted) ? wanted : product?.variants.find(canBeHad);
      const others = (alternatives.get(item.productId) ?? []).flatMap((id) => products.get(id) ?? []);
      return { item, product, chosen, alternatives: others.filter(({ inStock }) => inStock) };
    });
}

/** What a look costs as it stands, of what can be had now; nothing where none can. */
export function totalOf(look: LookPage): { amountMinor: number; currency: string } | null {
  const prices = linesOf(look).flatMap(({ chosen }) => chosen?.price ?? []);
  const [first] = prices;
  if (!first) return null;
  return { amountMinor: prices.reduce((sum, each) => sum + each.amountMinor, 0), currency: first.currency };
}

/** Every product of the look with its options, what may stand in for it, and one button that takes them all. */
export function BuyLook({ page: { format, currency }, look }: { page: Page; look: LookPage }) {
  const lines = linesOf(look);
  const total = totalOf(look);
  const missing = lines.filter(({ chosen }) => !chosen).length;
  return (
    <form method="post" action={`/looks/${look.id}/buy`} class="look-buy" aria-labelledby="look-things">
      <h2 id="look-things">{t('looks.things')}</h2>
      <ol class="look-lines">
        {lines.map((line) => (
          <li key={line.item.place} id={`item-${line.item.place}`}>
            <LineView line={line} format={format} beside={currency.beside} />
          </li>
        ))}
      </ol>
      <p class="look-total">
        <span>{t('looks.total')}</span>{' '}
        <strong>{total ? format.money(total.amountMinor, total.currency) : t('looks.total.none')}</strong>
        {missing > 0 && <span class="soft small">{t('looks.missing', { count: missing })}</span>}
      </p>
      <Button disabled={!total && lines.every(({ alternatives }) => alternatives.length === 0)}>
        {t('looks.buy')}
      </Button>
    </form>
  );
}

function LineView({
  line: { item, product, chosen, alternatives },
  format,
  beside,
}: {
  line: Line;
  format: Format;
  beside: string | undefined;
}) {
  const name = `variant-${item.place}`;
  if (!product && alternatives.length === 0) return <p class="soft">{t('looks.gone')}</p>;
  const title = product?.title ?? t('looks.gone');
  const option = (variant: ProductVariant) => {
    const words = [
      variant.optionValues.join(', '),
      variant.price && format.money(variant.price.amountMinor, variant.price.currency),
    ];
    return [...words.filter(Boolean), ...(canBeHad(variant) ? [] : [t('buy.not_in_stock')])].join(' · ');
  };
  return (
    <article class="look-line">
      <Picture picture={product?.pictures[0] ?? null} sizes="5rem" alt="" />
      <div>
        <h3>{product ? <a href={`/p/${product.slug}`}>{title}</a> : title}</h3>
        {product && (
          <p>
            <Price price={chosen?.price ?? product.price} format={format} beside={beside} />{' '}
            <span class={`availability small ${chosen ? 'in' : 'out'}`}>
              {chosen ? t('buy.in_stock') : t('buy.not_in_stock')}
            </span>
          </p>
        )}
        <label for={name} class="visually-hidden">
          {t('looks.choose', { title })}
        </label>
        <select id={name} name={name}>
          {chosen === undefined && <option value="">{t('looks.leave')}</option>}
          {product?.variants.map((variant) => (
            <option
              key={variant.id}
              value={variant.id}
              selected={variant === chosen}
              disabled={!canBeHad(variant)}
            >
              {option(variant) || title}
            </option>
          ))}
          {alternatives.map((other) => (
            <optgroup key={other.id} label={t('looks.instead', { title: other.title })}>
              {other.variants.filter(canBeHad).map((variant) => (
                <option key={variant.id} value={variant.id}>
                  {`${other.title} · ${option(variant)}`}
                </option>
              ))}
            </optgroup>
          ))}
          {chosen !== undefined && <option value="">{t('looks.leave')}</option>}
        </select>
      </div>
    </article>
  );
}
