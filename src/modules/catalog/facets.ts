import { type RawBuilder, sql } from 'kysely';
import { conditionOf, type Filter, scopeOf } from './filter.ts';
import type { Facet, Total } from './product-card.ts';

/**
 * More hits than this are not counted, nor ranked one by one: a figure is exact or absent, and what a
 * request costs does not grow with the catalogue.
 */
export const HITS_MAX = 1000;
/** A facet with more values than this is cut off after its most common ones. */
const VALUES_MAX = 40;

/**
 * Common table expressions, of which the last, `counted (text)`, has the counts for `facetsFrom` to read. The
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
      select string_agg(f.facet || chr(1) || coalesce(n::text, '') || chr(1) || coalesce(b.name, c.name, ''), chr(2)) as text
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
    select l.facets from catalog.product_listing l where ${conditionOf(filter, code)} limit ${HITS_MAX + 1}),`;
  const rows = sql`
    select facet, case when (select count(*) from ${name}) <= ${HITS_MAX} then count(*) end as n
    from ${name}, unnest(facets || ''::text) as f (facet) group by facet`;
  return { hits: code === undefined ? sql`` : made, rows };
}

/** What attributes are called, as a list's statement gives it. */
export const ATTRIBUTES = sql`(
  select json_agg(json_build_object('code', code, 'name', name, 'unit', unit) order by position, code)
  from catalog.attribute where is_facet)::text`;

interface Attribute {
  code: string;
  name: string;
  unit: string | null;
}

const FIRST = ['category', 'brand', 'in-stock'];

/** Facets and total from the text of `counted`, which parts rows by U+0002 and their fields by U+0001. */
export function facetsFrom(
  counted: string | null,
  attributes: readonly Attribute[],
  chosen: readonly string[],
): { facets: Facet[]; total: Total } {
  const total: Total = { count: 0, isExact: true };
  const facets = new Map<string, Facet>();
  const known = new Map(attributes.map((attribute, place) => [attribute.code, { ...attribute, place }]));
  for (const row of counted?.split('\u0002') ?? []) {
    const [facet = '', n = '', label = ''] = row.split('\u0001');
    if (facet === '') {
      Object.assign(total, n === '' ? { count: HITS_MAX, isExact: false } : { count: Number(n) });
      continue;
    }
    const equals = facet.indexOf('=');
    const [code, value] = [facet.slice(0, equals), facet.slice(equals + 1)];
    const { name = nameOf(code), unit = null } = known.get(code) ?? {};
    const found = facets.get(code) ?? { code, name, unit, values: [] };
    found.values.push({
      value,
      label: label || value,
      count: n === '' ? null : Number(n),
      isChosen: chosen.includes(facet),
    });
    facets.set(code, found);
  }
  // First what products are, then their options, then their attributes in their own order.
  const placeOf = ({ code }: Facet) =>
    FIRST.includes(code) ? FIRST.indexOf(code) : FIRST.length + 1 + (known.get(code)?.place ?? -1);
  const inOrder = [...facets.values()].sort((a, b) => placeOf(a) - placeOf(b) || (a.code < b.code ? -1 : 1));
  for (const facet of inOrder) {
    facet.values.sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || (a.value < b.value ? -1 : 1));
    facet.values = facet.values.filter(({ isChosen }, place) => place < VALUES_MAX || isChosen);
  }
  return { facets: inOrder, total };
}

/** An option has no name but its code: `seat-height` is "Seat height". */
const nameOf = (code: string) => code.slice(0, 1).toUpperCase() + code.slice(1).replaceAll('-', ' ');
