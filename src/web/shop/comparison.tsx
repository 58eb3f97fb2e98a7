import type { AttributeValue } from '#modules/catalog/index.ts';
import type { Later } from '#modules/inventory/index.ts';
import type { ComparedProduct } from '#read/product-page.ts';
import { Picture } from '../components/Picture.tsx';
import { Price } from '../components/Price.tsx';
import { Stars } from '../components/Stars.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { comingText } from './waiting-text.ts';

export function attributeText({ type, value, unit }: AttributeValue, format: Format): string {
  if (type === 'boolean') return t(value ? 'yes' : 'no');
  if (type !== 'number') return String(value);
  return unit ? format.measure(Number(value), unit) : format.number(Number(value));
}

interface Row {
  name: string;
  cells: (string | undefined)[];
  isDifferent: boolean;
}

interface Props {
  products: readonly (ComparedProduct & { later?: Later })[];
  format: Format;
  beside: string | undefined;
}

/**
 * The facts side by side. A row whose products differ is marked, so that the eye finds what decides; the others can be put
 * away.
 */
export function Comparison({ products, format, beside }: Props) {
  const rows = rowsOf(products, format);
  const isMixed = rows.some(({ isDifferent }) => isDifferent) && rows.some(({ isDifferent }) => !isDifferent);
  return (
    <div class="compared">
      {isMixed && (
        <label class="check compared-only">
          <input type="checkbox" />
          <span>{t('compare.only_different')}</span>
        </label>
      )}
      <div class="table-frame" role="region" aria-label={t('compare.table')} tabIndex={0}>
        <ComparisonTable products={products} rows={rows} format={format} beside={beside} />
      </div>
    </div>
  );
}

function ComparisonTable({ products, rows, format, beside }: Props & { rows: readonly Row[] }) {
  return (
    <table class="comparison">
      <thead>
        <tr>
          <td>
            <span class="visually-hidden">{t('compare.feature')}</span>
          </td>
          {products.map(({ slug, title, brand, picture }) => (
            <th key={slug} scope="col">
              <a href={`/p/${slug}`}>
                <Picture picture={picture} sizes="12rem" alt="" />
                <span class="comparison-maker">{brand?.name}</span>
                {title}
              </a>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t('compare.price')}</th>
          {products.map(({ slug, price }) => (
            <td key={slug}>
              <Price price={price} format={format} beside={beside} />
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">{t('compare.opinion')}</th>
          {products.map(({ slug, rating }) => (
            <td key={slug}>
              {rating ? (
                <Stars rating={rating.mean} count={rating.count} format={format} />
              ) : (
                t('compare.none')
              )}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">{t('compare.availability')}</th>
          {products.map(({ slug, inStock, later }) => (
            <td key={slug}>
              {later ? comingText(later, format) : t(inStock ? 'buy.in_stock' : 'card.sold_out')}
            </td>
          ))}
        </tr>
        {rows.map(({ name, cells, isDifferent }) => (
          <tr key={name} class={isDifferent ? 'different' : 'alike'}>
            <th scope="row">
              {name}
              {isDifferent && <span class="visually-hidden"> {t('compare.differs')}</span>}
            </th>
            {cells.map((cell, index) => (
              <td key={products[index]?.slug}>{cell ?? <span class="soft">{t('compare.none')}</span>}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function rowsOf(products: readonly ComparedProduct[], format: Format): Row[] {
  const names = new Map(
    products.flatMap(({ attributes }) => attributes.map(({ code, name }) => [code, name])),
  );
  return [...names].map(([code, name]) => {
    const cells = products.map(({ attributes }) => {
      const found = attributes.find((attribute) => attribute.code === code);
      return found && attributeText(found, format);
    });
    return { name, cells, isDifferent: new Set(cells).size > 1 };
  });
}
