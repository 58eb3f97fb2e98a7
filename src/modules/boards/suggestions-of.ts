import { sql } from 'kysely';
import { type Eye, peopleOf, type Person } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import type { SuggestionAnswer } from './suggestions.ts';

/** What was suggested for a board, as its owner sees it, or who suggested it. */
export interface SuggestionLine {
  id: string;
  kind: 'product' | 'piece' | 'link';
  productId: string | null;
  /** A look or a post that the viewer may find. */
  piece: { id: string; kind: string } | null;
  url: string | null;
  reason: string;
  answer: SuggestionAnswer | null;
  pinId: string | null;
  by: Person | null;
  isOwn: boolean;
  at: Date;
}

const PAGE = 40;

/** Those for a board that the viewer may see, the latest first, open ones before answered ones. */
export async function suggestionsOf(
  db: Db,
  eye: Eye & { memberId: string },
  boardId: string,
  { isOpen, cursor }: { isOpen: boolean; cursor?: string | undefined },
): Promise<{ suggestions: SuggestionLine[]; cursor: string | null }> {
  const { memberId, key = null } = eye;
  const after = cursor ?? null;
  const { rows } = await sql<Omit<SuggestionLine, 'by' | 'isOwn'> & { byId: string | null }>`
    select s.id, s.kind, s.product_id as "productId", s.url, s.reason, s.answer, s.pin_id as "pinId",
      piece.owner_id as "byId", piece.made_at as at,
      (select json_build_object('id', shown.id, 'kind', shown.kind) from social.piece as shown
        where shown.id = s.piece_id
          and exists (select from social.listed(${memberId}::uuid) as l where l.id = shown.id)) as piece
    from boards.suggestion as s join social.piece on piece.id = s.id
    where s.board_id = ${boardId} and ${isOpen ? sql`s.answer is null` : sql`s.answer is not null`}
      and (${after}::uuid is null or s.id < ${after}::uuid)
      and exists (select from social.opened(${memberId}::uuid, ${key}) as seen where seen.id = s.id)
    order by s.id desc limit ${PAGE + 1}`.execute(db);
  const page = rows.slice(0, PAGE);
  const people = await peopleOf(db, memberId, [...new Set(page.flatMap(({ byId }) => byId ?? []))]);
  return {
    suggestions: page.map(({ byId, ...line }) => ({
      ...line,
      by: (byId && people.get(byId)) || null,
      isOwn: byId === memberId,
    })),
    cursor: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  };
}
