import type { ProductCard as Card } from '#modules/catalog/index.ts';
import type { Later } from '#modules/inventory/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { comingText } from '../shop/waiting-text.ts';
import { Picture } from './Picture.tsx';
import { Price } from './Price.tsx';

const CARD_SIZES = '(min-width: 82rem) 20rem, (min-width: 44rem) 30vw, 46vw';
const VALUES_SHOWN = 3;

/** A card, and how it can be had before it is here. */
interface ShownCard extends Card {
  later?: Later;
}

interface Props {
  card: ShownCard;
  format: Format;
  eager?: boolean;
  beside: string | undefined;
}

export function ProductCard({ card, format, eager = false, beside }: Props) {
  const { id, slug, title, brand, picture, price, options, inStock, later } = card;
  const values = options[0]?.values ?? [];
  return (
    <article class="card">
      <h3>
        <a href={`/p/${slug}`} data-stoa-click="Product Clicked" data-stoa={`{"product_id":"${id}"}`}>
          {title}
        </a>
      </h3>
      {brand && <p class="card-maker">{brand.name}</p>}
      <Picture picture={picture} sizes={CARD_SIZES} alt="" eager={eager} class="card-picture" />
      {later ? (
        <p class="tag">{comingText(later, format)}</p>
      ) : (
        !inStock && <p class="tag">{t('card.sold_out')}</p>
      )}
      <p class="card-foot">
        <Price price={price} format={format} beside={beside} />
        {values.length > 1 && (
          <span class="card-options">
            {values.slice(0, VALUES_SHOWN).join(', ')}
            {values.length > VALUES_SHOWN && ` +${values.length - VALUES_SHOWN}`}
          </span>
        )}
      </p>
    </article>
  );
}

export function ProductCards({
  cards,
  format,
  eager = 0,
  beside,
}: {
  cards: readonly ShownCard[];
  format: Format;
  eager?: number;
  beside: string | undefined;
}) {
  return (
    <ul class="cards">
      {cards.map((card, index) => (
        <li key={card.id}>
          <ProductCard card={card} format={format} eager={index < eager} beside={beside} />
        </li>
      ))}
    </ul>
  );
}
