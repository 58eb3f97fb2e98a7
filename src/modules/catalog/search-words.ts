import { type RawBuilder, sql } from 'kysely';
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
  const rows = await foundWords(reads, text, words);
  const sku = rows[0]?.sku;
  if (sku) return { terms: [{ lexeme: sku }], searchedFor: null };
  const terms: Term[] = [];
  const corrected = new Map<string, string>();
  for (const row of rows) {
    const term = termOf(row);
    if (!term) return null;
    if (row.written !== null) corrected.set(row.word, row.written);
    terms.push(term);
  }
  if (terms.length === 0) return null;
  const searchedFor = words.map((word) => corrected.get(word) ?? word).join(' ');
  return { terms, searchedFor: corrected.size > 0 ? searchedFor : null };
}

/** A word as it was typed, and what of it is here: of the four last, at most one is not null. */
interface FoundWord {
  word: string;
  lexeme: string;
  sku: string | null;
  isKnown: boolean;
  completions: string[] | null;
  isDescribed: true | null;
  correction: string | null;
  /** The correction as products write it. */
  written: string | null;
}

function termOf({ lexeme, isKnown, completions, isDescribed, correction }: FoundWord): Term | undefined {
  if (isKnown) return { scopes: [`word=${lexeme}`] };
  if (completions) return { scopes: completions };
  if (isDescribed) return { lexeme };
  return correction === null ? undefined : { scopes: [correction] };
}

/**
 * One statement, in which each way is gone only when those before it found nothing. The words are in a select of
 * their own: a plan made for a known number of them looks cheaper than the one that is kept, and takes longer to make
 * than to run.
 */
async function foundWords(reads: Db, text: string, words: readonly string[]): Promise<FoundWord[]> {
  const whole = text.replaceAll('\u0000', '').trim(); // PostgreSQL keeps no NUL in text
  const { rows } = await sql<FoundWord>`
    select w.word, t.lexeme, t.is_known as "isKnown", completed.scopes as completions,
      described.found as "isDescribed", corrected.scope as correction, corrected.written,
      (select lower(sku) from catalog.variant where lower(sku) = lower(${whole}) limit 1) as sku
    from unnest((select ${words}::text[])) with ordinality as w (word, n)
    cross join lateral (
      select t.lexeme, exists (
        select from catalog.scope_count where scope = 'word=' || t.lexeme and facet = ''
        having sum(product_count) > 0) as is_known
      from unnest(to_tsvector('catalog.words', w.word)) t offset 0) t
    left join lateral (
      select array_agg(scope) as scopes
      from (${completions(sql`t.lexeme`, sql`w.n = ${words.length} and not t.is_known`)}) c) completed on true
    left join lateral (
      select true as found from catalog.product_listing
      where not t.is_known and completed.scopes is null
        and words @@ ('''' || replace(t.lexeme, '''', '''''') || '''')::tsquery
      limit 1) described on true
    left join lateral (${correction(sql`not t.is_known and completed.scopes is null and described.found is null`)}
      ) corrected on true
    order by w.n`.execute(reads);
  return rows;
}

/** Scopes of the words that begin so, the most common first. */
export async function completionsOf(reads: Db, beginning: string): Promise<string[]> {
  const { rows } = await completions(sql`${beginning}::text`, sql`true`).execute(reads);
  return rows.map((row) => row.scope);
}

const completions = (beginning: RawBuilder<unknown>, condition: RawBuilder<unknown>) => sql<{
  scope: string;
}>`
  select scope from catalog.scope_count
  where ${condition} and facet = ''
    and scope >= 'word=' || ${beginning} and scope < 'word=' || ${beginning} || ${LAST}
  group by scope having sum(product_count) > 0
  order by sum(product_count) desc, scope limit ${sql.lit(COMPLETIONS_MAX)}`;

/** Comes after every letter. */
const LAST = sql.lit('\u{10FFFF}');

/**
 * The known word that differs from `t.lexeme` by the fewest letters, at most two, and as it is written: of several,
 * one as long, as letters change places more often than they are left out, and then the one that most products have.
 */
const correction = (condition: RawBuilder<unknown>) => sql`
  with alike as (
    -- words that share trigrams, and those that share the first letter: "vsae" has no trigram of "vase"
    select scope from catalog.scope_count
    where ${condition} and facet = '' and scope like 'word=%' and substr(scope, 6) % t.lexeme
    union
    select scope from catalog.scope_count
    where ${condition} and facet = ''
      and scope >= 'word=' || left(t.lexeme, 1) and scope < 'word=' || left(t.lexeme, 1) || ${LAST}
  ), near as (
    select scope, d.most,
      levenshtein_less_equal(left(substr(scope, 6), 100), left(t.lexeme, 100), d.most) as distance
    from alike cross join (select case when length(t.lexeme) < 4 then 1 else 2 end as most) d
  ), sized as (
    select n.scope, n.distance, sum(c.product_count) as size, min(n.distance) over () as least
    from near n join catalog.scope_count c on c.scope = n.scope and c.facet = ''
    where n.distance <= n.most
    group by n.scope, n.distance having sum(c.product_count) > 0
  )
  select s.scope, coalesce((
      select word
      from (
        select product_id, rank from catalog.scope_entry where scope = s.scope
        order by rank desc, product_id limit ${sql.lit(TITLES_READ)}) e
      join catalog.product_listing l using (product_id)
      cross join lateral regexp_split_to_table(lower(l.card ->> 'title'), '[^[:alnum:]]+') word
      where to_tsvector('catalog.words', word) @@ plainto_tsquery('simple', substr(s.scope, 6))
      order by e.rank desc limit 1), substr(s.scope, 6)) as written
  from sized s where s.distance = s.least
  order by abs(length(s.scope) - 5 - length(t.lexeme)), s.size desc, s.scope limit 1`;
