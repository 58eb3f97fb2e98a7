import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Term } from './filter.ts';

/** More words than this are not looked for: what follows them is no search. */
const WORDS_MAX = 12;
const COMPLETIONS_MAX = 8;
/** Products that have a word in their title come first in its list: if it is not in these, it is in none. */
const TITLES_READ = 5;

export const wordsOf = (text: string): string[] =>
  (text.normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, WORDS_MAX);

export interface Understood {
  terms: Term[];
  /** The words in place of those typed, when one of them had to be corrected. */
  searchedFor: string | null;
}

/**
 * What the words mean here. A word that products are called by is taken as it is. Otherwise the last one may
 * be unfinished, any may stand in descriptions only, and any may be misspelt: the first that finds something
 * holds. `null` when one of them is found nowhere, or when there was nothing but words like "of".
 */
export async function understand(
  reads: Db,
  text: string,
  words: readonly string[],
): Promise<Understood | null> {
  const whole = text.replaceAll('\u0000', '').trim(); // PostgreSQL keeps no NUL in text
  const { rows } = await sql<KnownWord>`
    select w.word, w.n = ${words.length} as "isLast", t.lexeme,
      exists (
        select from catalog.scope_count where scope = 'word=' || t.lexeme and facet = ''
        having sum(product_count) > 0) as "isKnown",
      (select lower(sku) from catalog.variant where lower(sku) = lower(${whole}) limit 1) as sku
    from unnest(${words}::text[]) with ordinality as w (word, n)
    cross join lateral unnest(to_tsvector('catalog.words', w.word)) t
    order by w.n`.execute(reads);
  const sku = rows[0]?.sku;
  if (sku) return { terms: [{ lexeme: sku }], searchedFor: null };
  const terms: Term[] = [];
  const corrected = new Map<string, string>();
  for (const row of rows) {
    const found: Alternative | undefined = row.isKnown
      ? { term: { scopes: [`word=${row.lexeme}`] } }
      : await alternativeOf(reads, row);
    if (!found) return null;
    if (found.correction !== undefined) corrected.set(row.word, found.correction);
    terms.push(found.term);
  }
  if (terms.length === 0) return null;
  const searchedFor = words.map((word) => corrected.get(word) ?? word).join(' ');
  return { terms, searchedFor: corrected.size > 0 ? searchedFor : null };
}

interface KnownWord {
  word: string;
  isLast: boolean;
  lexeme: string;
  isKnown: boolean;
  sku: string | null;
}

interface Alternative {
  term: Term;
  correction?: string;
}

async function alternativeOf(reads: Db, { lexeme, isLast }: KnownWord): Promise<Alternative | undefined> {
  if (isLast) {
    const scopes = await completionsOf(reads, lexeme);
    if (scopes.length > 0) return { term: { scopes } };
  }
  const { rows: described } = await sql`
    select from catalog.product_listing
    where words @@ (${`'${lexeme.replaceAll("'", "''")}'`})::tsquery limit 1`.execute(reads);
  if (described.length > 0) return { term: { lexeme } };
  return correctionOf(reads, lexeme);
}

/** Scopes of the words that begin so, the most common first. */
export async function completionsOf(reads: Db, beginning: string): Promise<string[]> {
  const from = `word=${beginning}`;
  const { rows } = await sql<{ scope: string }>`
    select scope from catalog.scope_count
    where facet = '' and scope >= ${from} and scope < ${`${from}\u{10FFFF}`}
    group by scope having sum(product_count) > 0
    order by sum(product_count) desc, scope limit ${COMPLETIONS_MAX}`.execute(reads);
  return rows.map((row) => row.scope);
}

/**
 * The known word that differs from this one by the fewest letters, at most two, and as it is written: of several, one
 * as long, as letters change places more often than they are left out, and then the one that most products have.
 */
async function correctionOf(reads: Db, lexeme: string): Promise<Alternative | undefined> {
  const distanceMax = lexeme.length < 4 ? 1 : 2;
  const first = lexeme.slice(0, 1);
  // Words that share trigrams, and those that share the first letter: "vsae" has no trigram of "vase".
  const { rows } = await sql<{ scope: string; distance: number; written: string }>`
    with alike as (
      select scope from catalog.scope_count
      where facet = '' and scope like 'word=%' and substr(scope, 6) % ${lexeme}
      union
      select scope from catalog.scope_count
      where facet = '' and scope >= ${`word=${first}`} and scope < ${`word=${first}\u{10FFFF}`}
    ), near as (
      select scope, levenshtein_less_equal(left(substr(scope, 6), 100), ${lexeme.slice(0, 100)}, ${distanceMax}) as distance
      from alike
    ), sized as (
      select n.scope, n.distance, sum(c.product_count) as size, min(n.distance) over () as least
      from near n join catalog.scope_count c on c.scope = n.scope and c.facet = ''
      where n.distance <= ${distanceMax}
      group by n.scope, n.distance having sum(c.product_count) > 0
    )
    select s.scope, s.distance, coalesce((
        select word
        from (
          select product_id, rank from catalog.scope_entry where scope = s.scope
          order by rank desc, product_id limit ${TITLES_READ}) e
        join catalog.product_listing l using (product_id)
        cross join lateral regexp_split_to_table(lower(l.card ->> 'title'), '[^[:alnum:]]+') word
        where to_tsvector('catalog.words', word) @@ plainto_tsquery('simple', substr(s.scope, 6))
        order by e.rank desc limit 1), substr(s.scope, 6)) as written
    from sized s where s.distance = s.least
    order by abs(length(s.scope) - length(${`word=${lexeme}`}::text)), s.size desc, s.scope limit 1`.execute(
    reads,
  );
  const [best] = rows;
  return best && { term: { scopes: [best.scope] }, correction: best.written };
}
