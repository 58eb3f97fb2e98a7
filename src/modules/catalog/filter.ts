import { type RawBuilder, sql } from 'kysely';
import type { ProductQuery } from './product-card.ts';

/**
 * One word of a search: as it was typed, the scopes of which any will do, or a lexeme that stands only in
 * descriptions or is a SKU.
 */
export type Term = { typed: string } | { scopes: readonly string[] } | { lexeme: string };

/** One condition on a listing row `l`; `scope` when the row's being in that scope is all it asks. */
interface Condition {
  scope: RawBuilder<unknown> | null;
  /** The facet that it chooses a value of. */
  code: string | null;
  sql: RawBuilder<unknown>;
}

export interface Filter {
  conditions: readonly Condition[];
  /** The chosen facet values, as the listing has them: code=value. */
  chosen: readonly string[];
  /** The scopes of the words searched for, by whose tiers hits are ranked. */
  wordScopes: readonly string[];
  /** What the conditions are asked of: the listing `l`, with its price `lp` where another currency's counts, and `own` where a region's does. */
  from: RawBuilder<unknown>;
  /** The lowest price, as it is for whoever asks. */
  price: RawBuilder<unknown>;
}

/** In the marketplace's currency the listing has it; the others stand beside it, and a region's are asked for. */
function pricesIn({
  currency,
  markets = [],
  priceMinMinor,
  priceMaxMinor,
  sort,
}: ProductQuery): Pick<Filter, 'from' | 'price'> {
  const isAsked = priceMinMinor !== undefined || priceMaxMinor !== undefined || sort?.endsWith('price');
  const listed = sql`catalog.product_listing l`;
  if (!isAsked) return { from: listed, price: sql`l.price_minor` };
  const worlds =
    currency === undefined
      ? { from: listed, price: sql`l.price_minor` }
      : {
          from: sql`${listed}
      left join catalog.listing_price lp on lp.product_id = l.product_id and lp.currency = ${currency}`,
          price: sql`lp.price_minor`,
        };
  if (markets.length === 0) return worlds;
  // No index has the order of a region's prices: the few products that have one are asked, and the whole is sorted.
  return {
    from: sql`${worlds.from}
      left join catalog.lowest_in_markets(${currency ?? null}, ${markets}::text[]) own on own.product_id = l.product_id`,
    price: sql`coalesce(own.price_minor, ${worlds.price})`,
  };
}

export function filterOf(query: ProductQuery, terms: readonly Term[]): Filter {
  const conditions: Condition[] = [];
  if (query.category !== undefined) conditions.push(within(sql`${`category=${query.category}`}::text`));
  if (query.brand !== undefined) conditions.push(within(sql`${`brand=${query.brand}`}::text`));
  conditions.push(...terms.map(conditionOfTerm));
  const chosen: string[] = [];
  for (const [code, values] of Object.entries(query.facets ?? {})) {
    if (values.length === 0) continue;
    const facets = values.map((value) => `${code}=${value}`);
    chosen.push(...facets);
    conditions.push({ scope: null, code, sql: sql`l.facets && ${facets}::text[]` });
  }
  if (query.inStock) {
    // Most products are: testing the rows that the rest finds is quicker than reading the index's longest list.
    chosen.push('in-stock=yes');
    conditions.push({ scope: null, code: null, sql: sql`l.in_stock` });
  }
  const { priceMinMinor: min, priceMaxMinor: max } = query;
  const { from, price } = pricesIn(query);
  if (min !== undefined) conditions.push({ scope: null, code: null, sql: sql`${price} >= ${min}` });
  if (max !== undefined) conditions.push({ scope: null, code: null, sql: sql`${price} <= ${max}` });
  const wordScopes = terms.flatMap((term) => ('scopes' in term ? term.scopes : []));
  return { conditions, chosen, wordScopes, from, price };
}

const within = (scope: RawBuilder<unknown>): Condition => ({
  scope,
  code: null,
  sql: sql`l.scopes @> array[${scope}]`,
});

function conditionOfTerm(term: Term): Condition {
  if ('lexeme' in term) {
    return { scope: null, code: null, sql: sql`l.words @@ ${quoted(term.lexeme)}::tsquery` };
  }
  if ('typed' in term) {
    return within(
      sql`(select 'word=' || lexeme from unnest(to_tsvector('catalog.words', ${term.typed})) limit 1)`,
    );
  }
  const [only] = term.scopes;
  if (term.scopes.length === 1 && only !== undefined) return within(sql`${only}::text`);
  return { scope: null, code: null, sql: sql`l.scopes && ${term.scopes}::text[]` };
}

/** The only scope that the filter asks for, leaving out what it chooses of the facet `code`; else null. */
export function scopeOf(filter: Filter, code?: string): RawBuilder<unknown> | null {
  const kept = keptOf(filter, code);
  const [first] = kept;
  if (!first) return sql`'all'`;
  return kept.length === 1 ? first.scope : null;
}

/** All conditions, but those that choose a value of the facet `code`. */
export function conditionOf(filter: Filter, code?: string): RawBuilder<unknown> {
  const kept = keptOf(filter, code);
  return kept.length === 0
    ? sql`true`
    : sql.join(
        kept.map((condition) => condition.sql),
        sql` and `,
      );
}

const keptOf = ({ conditions }: Filter, code: string | undefined) =>
  conditions.filter((condition) => code === undefined || condition.code !== code);

/** A lexeme as the text of a tsquery. */
const quoted = (lexeme: string) => `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
