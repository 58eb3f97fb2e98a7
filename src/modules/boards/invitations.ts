import { sql } from 'kysely';
import type { CollaboratorRole } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** What somebody who is asked to make a board learns of it: its name and who asks. */
export interface Invitation {
  boardId: string;
  name: string;
  role: CollaboratorRole;
  by: { handle: string; name: string };
  at: Date;
}

const INVITATIONS_MAX = 100;

/** Those that a member has not answered, the latest first; of one board, where it is given. */
export async function invitationsOf(db: Db, memberId: string, boardId?: string): Promise<Invitation[]> {
  const { rows } = await sql<Invitation>`
    select board.id as "boardId", board.name, c.role, c.invited_at as at,
      json_build_object('handle', profile.handle, 'name', profile.name) as by
    from social.collaborator as c join boards.board on board.id = c.piece_id
    join social.piece on piece.id = board.id and piece.state = 'live'
    join social.profile on profile.member_id = c.invited_by
    where c.member_id = ${memberId} and c.joined_at is null and social.meet(piece.owner_id, c.member_id)
      and (${boardId ?? null}::uuid is null or board.id = ${boardId ?? null}::uuid)
    order by c.invited_at desc, board.id limit ${INVITATIONS_MAX}`.execute(db);
  return rows;
}

/** One who makes a board with its owner, or is asked to. */
export interface Maker {
  handle: string;
  name: string;
  role: CollaboratorRole;
  hasJoined: boolean;
}

/** Of a board that was opened; those who have not answered are for its owner alone. */
export async function makersOf(db: Db, boardId: string, viewer: string, isOwner: boolean): Promise<Maker[]> {
  const { rows } = await sql<Maker>`
    select profile.handle, profile.name, c.role, c.joined_at is not null as "hasJoined"
    from social.collaborator as c join social.profile on profile.member_id = c.member_id
    where c.piece_id = ${boardId} and (${isOwner} or c.joined_at is not null)
      and social.meet(c.member_id, ${viewer}::uuid)
    order by c.invited_at, c.member_id`.execute(db);
  return rows;
}
