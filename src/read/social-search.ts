import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export const SEARCH_KINDS = ['board', 'look', 'post', 'person'] as const;
type SearchKind = (typeof SEARCH_KINDS)[number];

export interface FoundLine {
  id: string;
  name: string;
  text: string;
  /** Whose it is; of a person, themselves. */
  by: { memberId: string; handle: string; name: string } | null;
}

interface Asked {
  words: string;
  kind: SearchKind;
  offset: number;
}

const PAGE = 24;
const RANKED_MAX = 1000;
const TEXT_SHOWN = 280;

/** Boards, looks, posts or people that the viewer may find, by the beginnings of the words that they are called by. */
export async function searchSocial(
  reads: Db,
  viewer: string | undefined,
  { words, kind, offset }: Asked,
): Promise<{ found: FoundLine[]; cursor: number | null }> {
  const query = beginnings(words);
  if (query === '') return { found: [], cursor: null };
  const page = sql`limit ${PAGE + 1} offset ${offset}`;
  const { rows } = await sql<FoundLine>`
    with matching as materialized (${MATCHING[kind](query)} limit ${RANKED_MAX})
    ${kind === 'person' ? peopleAmong(viewer) : piecesAmong(viewer)} ${page}`.execute(reads);
  const found = rows.slice(0, PAGE);
  return { found, cursor: rows.length > PAGE && offset + PAGE < RANKED_MAX ? offset + PAGE : null };
}

type Matching = (query: string) => RawBuilder<unknown>;

const wordsOf = (
  table: RawBuilder<unknown>,
  words: RawBuilder<unknown>,
  columns: RawBuilder<unknown>,
): Matching => {
  const vector = sql`to_tsvector('simple', ${words})`;
  return (query) => sql`
    select ${columns}, ts_rank(${vector}, query) as rank
    from ${table}, to_tsquery('simple', ${query}) as query where ${vector} @@ query`;
};

/** Of each kind its id, name, text and rank, by an index over the same words. */
const MATCHING: Record<SearchKind, Matching> = {
  board: (query) => sql`
    select id, name, description as text, ts_rank(to_tsvector('simple', name || ' ' || description), query)
      + 0.1 * ln(1 + pin_count) + (case when to_tsvector('simple', name) @@ query then 1 else 0 end) as rank
    from boards.board, to_tsquery('simple', ${query}) as query
    where to_tsvector('simple', name || ' ' || description) @@ query`,
  look: wordsOf(sql`looks.look`, sql`title || ' ' || words`, sql`id, title as name, words as text`),
  post: wordsOf(
    sql`posts.post`,
    sql`caption`,
    sql`id, ''::text as name, left(caption, ${sql.lit(TEXT_SHOWN)}) as text`,
  ),
  person: (query) => sql`
    select member_id as id, name, handle, bio as text,
      (case when to_tsvector('simple', name || ' ' || handle) @@ query then 1 else 0 end) as rank
    from social.profile, to_tsquery('simple', ${query}) as query
    where to_tsvector('simple', name || ' ' || handle || ' ' || bio) @@ query`,
};

const piecesAmong = (viewer: string | undefined) => sql`
  select matching.id, matching.name, matching.text, json_build_object(
    'memberId', profile.member_id, 'handle', handle, 'name', profile.name) as by
  from matching join social.listed(${viewer ?? null}::uuid) as seen on seen.id = matching.id
  join social.piece on piece.id = matching.id join social.profile on profile.member_id = piece.owner_id
  order by rank desc, matching.id desc`;

const peopleAmong = (viewer: string | undefined) => sql`
  select id, name, text, json_build_object('memberId', id, 'handle', handle, 'name', name) as by
  from matching left join social.followed on followed.kind = 'member' and target_id = id
  where ${viewer ?? null}::uuid is null or social.meet(id, ${viewer ?? null}::uuid)
  order by rank desc, coalesce(followers, 0) desc, id`;

/** Every word by its beginning: "ki cor" finds "Kitchen corner". Nothing that was typed is an operator. */
const beginnings = (words: string): string =>
  (words.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])
    .slice(0, 8)
    .map((word) => `'${word}':*`)
    .join(' & ');
