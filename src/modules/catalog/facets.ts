import { type RawBuilder, sql } from 'kysely';
import { conditionOf, type Filter, scopeOf } from './filter.ts';
import type { Total } from './product-card.ts';

/**
 * More hits than this are not counted, nor ranked one by one: a figure is exact or absent, and what a
 * request costs does not grow with the catalogue.
 */
export const HITS_MAX = 1000;
/** A facet with more values than this is cut off after its most common ones. */
const VALUES_MAX = 40;

/**
 * Common table expressions, of which the last, `counted (text)`, has the counts for `facetsJson` to read. The
 * counts of one scope are kept ready; otherwise they are counted over `hits`, which must then stand before. A
 * facet of which values are chosen shows what choosing others of its values would give: its own choice is
 * left out of its counts.
 */
export function countsFor(filter: Filter): RawBuilder<unknown> {
  const codes = [...new Set(filter.conditions.flatMap(({ code }) => code ?? []))];
  const all = countsOf(filter, undefined, 'hits');
  const own = codes.map((code, n) => ({ code, ...countsOf(filter, code, `hits_${n}`) }));
  const ownRows = own.map(
    ({ code, rows }) =>
      sql`union all select facet, n from (${rows}) own where split_part(facet, '=', 1) = ${code}`,
  );
  return sql`${join(own.map(({ hits }) => hits))}
    counted as (
      select string_agg(f.facet || chr(1) || coalesce(n::text, '') || chr(1) || coalesce(b.name, c.name, ''), chr(2)
        order by n desc nulls last, f.facet) as text
      from (
        select facet, n from (${all.rows}) every where split_part(facet, '=', 1) <> all(${codes}::text[])
        ${join(ownRows)}
      ) f
      left join catalog.brand b on f.facet = 'brand=' || b.slug
      left join catalog.category c on f.facet = 'category=' || c.slug
    )`;
}

const join = (parts: readonly RawBuilder<unknown>[]) => (parts.length > 0 ? sql.join(parts, sql` `) : sql``);

interface Counts {
  /** A common table expression with a comma after it, or nothing. */
  hits: RawBuilder<unknown>;
  /** Rows of (facet, n); n is null when there were too many hits to count. The facet '' counts the hits. */
  rows: RawBuilder<unknown>;
}

function countsOf(filter: Filter, code: string | undefined, hitsName: string): Counts {
  const scope = scopeOf(filter, code);
  if (scope) {
    const rows = sql`
      select facet, sum(product_count)::bigint as n from catalog.scope_count where scope = ${scope}
      group by facet having sum(product_count) > 0`;
    return { hits: sql``, rows };
  }
  const name = sql.raw(hitsName);
  const made = sql`${name} as materialized (
    select l.facets from ${filter.from} where ${conditionOf(filter, code)} limit ${sql.lit(HITS_MAX + 1)}),`;
  const rows = sql`
    select facet, case when (select count(*) from ${name}) <= ${HITS_MAX} then count(*) end as n
    from ${name}, unnest(facets || ''::text) as f (facet) group by facet`;
  return { hits: code === undefined ? sql`` : made, rows };
}

/** What attributes are called, as a list's statement gives it. */
export const ATTRIBUTES = sql`(
  select json_agg(json_build_object('code', code, 'name', name, 'unit', unit) order by position, code)
  from catalog.attribute where is_facet)`;

export interface Attribute {
  code: string;
  name: string;
  unit: string | null;
}

const FIRST = ['category', 'brand', 'in-stock'];

/**
 * Facets and total as JSON members, from the text of `counted`: rows in order, parted by U+0002, their fields by
 * U+0001. Written straight as text: of all that a list's request does in Node, this is the most.
 */
export function facetsJson(
  counted: string | null,
  attributes: readonly Attribute[],
  chosen: readonly string[],
): string {
  let total: Total = { count: 0, isExact: true };
  const values = new Map<string, string[]>();
  for (const row of counted?.split('\u0002') ?? []) {
    const [facet = '', n = '', label = ''] = row.split('\u0001');
    if (facet === '') {
      total = n === '' ? { count: HITS_MAX, isExact: false } : { count: Number(n), isExact: true };
      continue;
    }
    const equals = facet.indexOf('=');
    const code = facet.slice(0, equals);
    const value = JSON.stringify(facet.slice(equals + 1));
    const isChosen = chosen.includes(facet);
    let of = values.get(code);
    if (!of) values.set(code, (of = []));
    if (of.length >= VALUES_MAX && !isChosen) continue;
    const shown = label === '' ? value : JSON.stringify(label);
    of.push(`{"value":${value},"label":${shown},"count":${n === '' ? 'null' : n},"isChosen":${isChosen}}`);
  }
  const facets = inOrder([...values.keys()], attributes).map((code) => {
    const { name, unit } = attributes.find((attribute) => attribute.code === code) ?? {
      name: nameOf(code),
      unit: null,
    };
    const head = `{"code":${JSON.stringify(code)},"name":${JSON.stringify(name)},"unit":${JSON.stringify(unit)}`;
    return `${head},"values":[${(values.get(code) ?? []).join(',')}]}`;
  });
  return `"facets":[${facets.join(',')}],"total":${JSON.stringify(total)}`;
}

/** First what products are, then their options, then their attributes in their own order. */
function inOrder(codes: string[], attributes: readonly Attribute[]): string[] {
  const placeOf = (code: string) => {
    const first = FIRST.indexOf(code);
    if (first >= 0) return first;
    return FIRST.length + 1 + attributes.findIndex((attribute) => attribute.code === code);
  };
  return codes.sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}

/** An option has no name but its code: `seat-height` is "Seat height". */
const nameOf = (code: string) => code.slice(0, 1).toUpperCase() + code.slice(1).replaceAll('-', ' ');
