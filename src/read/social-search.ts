import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export const SEARCH_KINDS = ['board', 'person'] as const;

export interface FoundLine {
  id: string;
  name: string;
  text: string;
  /** Whose it is; of a person, themselves. */
  by: { memberId: string; handle: string; name: string } | null;
}

interface Asked {
  words: string;
  kind: (typeof SEARCH_KINDS)[number];
  offset: number;
}

const PAGE = 24;
const RANKED_MAX = 1000;

/** Boards or people that the viewer may find, by the beginnings of the words that they are called by. */
export async function searchSocial(
  reads: Db,
  viewer: string | undefined,
  { words, kind, offset }: Asked,
): Promise<{ found: FoundLine[]; cursor: number | null }> {
  const query = beginnings(words);
  if (query === '') return { found: [], cursor: null };
  const self = viewer ?? null;
  const page = sql`limit ${PAGE + 1} offset ${offset}`;
  const { rows } =
    kind === 'board'
      ? await sql<FoundLine>`
          with matching as materialized (
            select id, name, description, ts_rank(to_tsvector('simple', name || ' ' || description), query)
              + 0.1 * ln(1 + pin_count) + (case when to_tsvector('simple', name) @@ query then 1 else 0 end) as rank
            from boards.board, to_tsquery('simple', ${query}) as query
            where to_tsvector('simple', name || ' ' || description) @@ query limit ${RANKED_MAX}
          )
          select board.id, board.name, description as text, json_build_object(
            'memberId', profile.member_id, 'handle', handle, 'name', profile.name) as by
          from matching as board join social.listed(${self}::uuid) as seen on seen.id = board.id
          join social.piece on piece.id = board.id join social.profile on profile.member_id = piece.owner_id
          order by rank desc, board.id desc ${page}`.execute(reads)
      : await sql<FoundLine>`
          with matching as materialized (
            select member_id, name, handle, bio,
              (case when to_tsvector('simple', name || ' ' || handle) @@ query then 1 else 0 end) as rank
            from social.profile, to_tsquery('simple', ${query}) as query
            where to_tsvector('simple', name || ' ' || handle || ' ' || bio) @@ query limit ${RANKED_MAX}
          )
          select member_id as id, name, bio as text, json_build_object(
            'memberId', member_id, 'handle', handle, 'name', name) as by
          from matching left join social.followed on followed.kind = 'member' and target_id = member_id
          where ${self}::uuid is null or social.meet(member_id, ${self}::uuid)
          order by rank desc, coalesce(followers, 0) desc, member_id ${page}`.execute(reads);
  const found = rows.slice(0, PAGE);
  return { found, cursor: rows.length > PAGE && offset + PAGE < RANKED_MAX ? offset + PAGE : null };
}

/** Every word by its beginning: "ki cor" finds "Kitchen corner". Nothing that was typed is an operator. */
const beginnings = (words: string): string =>
  (words.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])
    .slice(0, 8)
    .map((word) => `'${word}':*`)
    .join(' & ');
