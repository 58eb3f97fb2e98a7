import { idOf } from '#platform/ids.ts';
import type { ImportedProduct } from '../modules/catalog/index.ts';
import type { LineKind, Mapping } from './mapping.ts';
import type { NameFacts } from './survey.ts';
import { slugOf, titleStyle } from './titles.ts';

/** How a line names what it is about. */
export interface LineNames {
  kind: LineKind;
  productId: string | null;
  variantId: string | null;
  title: string;
}

interface Product {
  code: string;
  productId: string;
  variantId: string;
  title: string;
  names: NameFacts[];
}

const TITLE_CHARACTERS_MAX = 300;

/** The products that a file speaks of: one for each code, called what its rows call it most often. */
export function productsOf(mapping: Mapping, names: readonly NameFacts[]) {
  const { titleCase, keepWritten, remarks } = mapping.products;
  const styled = titleCase ? titleStyle(keepWritten) : (written: string) => written.replace(/\s+/g, ' ');
  const patterns = remarks.map((pattern) => new RegExp(pattern, 'u'));
  const isRemark = (title: string) => title === '' || patterns.some((pattern) => pattern.test(title));
  const goods = Map.groupBy(
    names.filter(({ kind }) => kind === 'goods'),
    ({ code }) => code,
  );
  const products = new Map<string, Product>();
  for (const [code, called] of goods) {
    const titles = called
      .filter(({ title }) => !isRemark(title))
      .map(({ title, rows }) => [title, rows] as const);
    const title = styled(mostFrequent(titles) ?? code) || code;
    const ids = {
      productId: idOf(`${mapping.source}:product`, code),
      variantId: idOf(`${mapping.source}:variant`, code),
    };
    products.set(code, { code, ...ids, title, names: called });
  }
  const lineNames = names.map(({ kind, code, title: written }): LineNames => {
    const product = kind === 'goods' ? products.get(code) : undefined;
    const title = isRemark(written) ? (product?.title ?? code) : styled(written) || code;
    return { kind, productId: product?.productId ?? null, variantId: product?.variantId ?? null, title };
  });
  return { products: [...products.values()], lineNames };
}

/** What the catalogue takes. */
export function* catalogRecords(
  { source, prefix, currency }: Mapping,
  products: readonly Product[],
  publication: 'draft' | 'published',
): Generator<ImportedProduct> {
  for (const { code, productId, variantId, title, names } of products) {
    const sku = prefix + code;
    const prices = names.flatMap((name) => [...name.prices]).filter(([amountMinor]) => amountMinor > 0);
    const amountMinor = mostFrequent(prices);
    const unitsSold = names.reduce((sum, name) => sum + name.unitsSold, 0);
    const publishedAt = new Date(Math.min(...names.map(({ firstAt }) => firstAt)));
    yield {
      id: productId,
      externalRef: code,
      slug: [slugOf(title), slugOf(sku)].filter((part) => part !== '').join('-'),
      title: title.slice(0, TITLE_CHARACTERS_MAX),
      publication,
      ...(publication === 'published' && { publishedAt }),
      unitsSold: Math.max(unitsSold, 0),
      variants: [
        {
          id: variantId,
          sku,
          offers:
            amountMinor === undefined ? [] : [{ id: idOf(`${source}:offer`, code), currency, amountMinor }],
        },
      ],
    };
  }
}

/** Counts what is there twice together. Of two that are equally frequent, the one that came first. */
function mostFrequent<T>(counted: readonly (readonly [T, number])[]): T | undefined {
  const counts = new Map<T, number>();
  for (const [each, count] of counted) counts.set(each, (counts.get(each) ?? 0) + count);
  let most: readonly [T, number] | undefined;
  for (const each of counts) if (!most || each[1] > most[1]) most = each;
  return most?.[0];
}
