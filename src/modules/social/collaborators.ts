import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { socialErrors } from './errors.ts';
import { notify } from './notices.ts';
import { membersOfHandles, peopleOf } from './people.ts';
import type { SocialCollaboratorRole } from './tables.ts';
import { open } from './visibility.ts';

const COLLABORATORS_MAX = 50;

export type CollaboratorRole = SocialCollaboratorRole;

export interface InvitationWish {
  pieceId: string;
  handle: string;
  role: CollaboratorRole;
}

/** Asks somebody to make a piece together with its owner; who is asked already, or makes it, gets the role. */
export async function invite(tx: Tx, ownerId: string, wish: InvitationWish, now: Date): Promise<void> {
  const { pieceId, role } = wish;
  await refuseUnlessOwner(tx, ownerId, pieceId);
  const memberId = await memberNamed(tx, ownerId, wish.handle);
  if (memberId === ownerId) throw socialErrors.not_oneself({});
  const { numAffectedRows } = await sql`
    insert into social.collaborator as known (piece_id, member_id, role, invited_by, invited_at)
    select ${pieceId}, ${memberId}, ${role}, ${ownerId}, ${now}
    from (select count(*) as count, coalesce(bool_or(member_id = ${memberId}::uuid), false) as is_known
      from social.collaborator where piece_id = ${pieceId}) as others
    where count < ${COLLABORATORS_MAX} or is_known
    on conflict (piece_id, member_id) do update set role = excluded.role`.execute(tx);
  if (numAffectedRows !== 1n) throw socialErrors.collaborators_too_many({ max: COLLABORATORS_MAX });
  await notify(tx, { memberId, kind: 'invited', actorId: ownerId, pieceId }, now);
}

/** Accepts an invitation; again is a retry. Without one there is nothing here for them. */
export async function join(tx: Tx, memberId: string, pieceId: string, now: Date): Promise<void> {
  const { numAffectedRows } = await sql`
    update social.collaborator as c set joined_at = coalesce(joined_at, ${now})
    from social.piece where piece.id = c.piece_id and c.piece_id = ${pieceId} and c.member_id = ${memberId}
      and piece.state = 'live' and social.meet(piece.owner_id, c.member_id)`.execute(tx);
  if (numAffectedRows !== 1n) throw socialErrors.piece_not_found({});
}

/** Declines an invitation, or makes the piece no more. What they put there stays, and theirs. */
export async function leave(tx: Tx, memberId: string, pieceId: string): Promise<void> {
  await sql`delete from social.collaborator where piece_id = ${pieceId} and member_id = ${memberId}`.execute(
    tx,
  );
}

/** As the owner of a piece: somebody makes it no more, or is not asked any more. */
export async function removeCollaborator(
  tx: Tx,
  ownerId: string,
  { pieceId, handle }: { pieceId: string; handle: string },
): Promise<void> {
  await refuseUnlessOwner(tx, ownerId, pieceId);
  await leave(tx, await memberNamed(tx, ownerId, handle), pieceId);
}

async function refuseUnlessOwner(tx: Tx, memberId: string, pieceId: string): Promise<void> {
  const piece = await open(tx, { memberId }, pieceId);
  if (piece.standing !== 'owner' || piece.rootId !== pieceId) throw socialErrors.not_yours({});
}

/** Whom the viewer does not meet is nobody. */
async function memberNamed(tx: Tx, viewer: string, typed: string): Promise<string> {
  const handle = typed.trim().replace(/^@/, '').toLowerCase();
  const memberId = (await membersOfHandles(tx, [handle])).get(handle);
  if (memberId === undefined || !(await peopleOf(tx, viewer, [memberId])).has(memberId))
    throw socialErrors.person_not_found({});
  return memberId;
}
