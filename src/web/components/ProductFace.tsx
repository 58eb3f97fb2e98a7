import type { ProductCard } from '#modules/catalog/index.ts';
import type { Format } from '../format.ts';
import { keepRendered } from '../rendered.tsx';
import { Picture } from './Picture.tsx';
import { Price } from './Price.tsx';

const SIZES = '(min-width: 82rem) 19rem, (min-width: 44rem) 30vw, 46vw';
const KEPT_MAX = 6000;
const keep = keepRendered(KEPT_MAX);

interface Props {
  card: ProductCard;
  format: Format;
  /** The currency asked for, where it is not the marketplace's own. */
  beside: string | undefined;
  /** In the first screen: fetched at once. */
  eager: boolean;
}

/** A product among what people saved: picture, name and price. Many stand on many boards, so each is kept rendered. */
export function ProductFace({ card, format, beside, eager }: Props) {
  return keep(`${card.id} ${eager} ${beside}`, [card, format], () => (
    <>
      <a href={`/p/${card.slug}`} class="pin-picture">
        <Picture picture={card.picture} sizes={SIZES} alt="" eager={eager} />
        <strong>{card.title}</strong>
      </a>
      <p class="pin-price">
        <Price price={card.price} format={format} beside={beside} />
      </p>
    </>
  ));
}
