import { randomUUID } from 'node:crypto';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { ownProfile } from './people.ts';
import { makePiece, type NewPiece } from './pieces.ts';

/** A signed-in member who shows themselves. */
export async function aPerson(deps: Deps) {
  const member = await aSignedInMember(deps);
  const profile = await inTransaction(deps.db, (tx) =>
    ownProfile(tx, member.memberId, 'Ada Example', deps.now()),
  );
  return { ...member, ...profile };
}

/** A piece of somebody's that says nothing yet. */
export async function aPiece(
  deps: Pick<Deps, 'db' | 'now'>,
  ownerId: string,
  more: Partial<NewPiece> = {},
): Promise<string> {
  const id = more.id ?? randomUUID();
  await inTransaction(deps.db, (tx) => makePiece(tx, { kind: 'board', ownerId, ...more, id }, deps.now()));
  return id;
}
