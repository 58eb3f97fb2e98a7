import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aPerson, aPiece } from './factory.ts';
import { block } from './follows.ts';
import { changeState, setVisibility } from './pieces.ts';
import type { SocialPieceState, SocialVisibility } from './tables.ts';
import { openAll } from './visibility.ts';

const VISIBILITIES: SocialVisibility[] = ['public', 'unlisted', 'secret'];
const STATES: SocialPieceState[] = ['draft', 'held', 'live', 'removed', 'deleted'];

type Role =
  | 'guest'
  | 'stranger'
  | 'owner'
  | 'editor'
  | 'contributor'
  | 'invited'
  | 'blockedByOwner'
  | 'blocksOwner'
  | 'blockedByWriter';

interface Case {
  role: Role;
  visibility: SocialVisibility;
  state: SocialPieceState;
  hasKey: boolean;
}

const isMaker = (role: Role) => role === 'owner' || role === 'editor' || role === 'contributor';
const meetsOwner = (role: Role) => role !== 'blockedByOwner' && role !== 'blocksOwner';

/** Told without a database. */
const isListed = ({ role, visibility, state }: Case) =>
  state === 'live' && meetsOwner(role) && (visibility === 'public' || isMaker(role));
const isOpened = (each: Case) => {
  const { role, visibility, state, hasKey } = each;
  if (role === 'owner') return state !== 'deleted';
  return isListed(each) || (state === 'live' && meetsOwner(role) && visibility === 'unlisted' && hasKey);
};

async function theCast(deps: Deps) {
  const [
    owner,
    writer,
    stranger,
    editor,
    contributor,
    invited,
    blockedByOwner,
    blocksOwner,
    blockedByWriter,
  ] = await Promise.all(Array.from({ length: 9 }, async () => (await aPerson(deps)).memberId));
  const members = {
    owner,
    stranger,
    editor,
    contributor,
    invited,
    blockedByOwner,
    blocksOwner,
    blockedByWriter,
  };
  const known = members as Record<Exclude<Role, 'guest'>, string>;
  await inTransaction(deps.db, async (tx) => {
    await block(tx, known.owner, known.blockedByOwner, deps.now());
    await block(tx, known.blocksOwner, known.owner, deps.now());
    await block(tx, writer ?? '', known.blockedByWriter, deps.now());
  });
  return { ...known, writer: writer ?? '', guest: undefined };
}

/** A board, a pin of somebody else's on it, and a comment of theirs on the pin. */
async function aBoard(deps: Deps, cast: Awaited<ReturnType<typeof theCast>>, visibility: SocialVisibility) {
  const board = await aPiece(deps, cast.owner, { visibility });
  const pin = await aPiece(deps, cast.writer, { kind: 'pin', withinId: board });
  const comment = await aPiece(deps, cast.writer, { kind: 'comment', withinId: pin });
  const join = (memberId: string, role: string, joinedAt: Date | null) =>
    sql`insert into social.collaborator values (${board}, ${memberId}, ${role}::social.collaborator_role, ${cast.owner},
      now(), ${joinedAt})`.execute(deps.db);
  await join(cast.editor, 'editor', new Date());
  await join(cast.contributor, 'contributor', new Date());
  await join(cast.invited, 'editor', null);
  const { rows } = await sql<{ key: string | null }>`
    select link_key as key from social.piece where id = ${board}`.execute(deps.db);
  return { board, pin, comment, key: rows[0]?.key ?? undefined };
}

const listed = async (deps: Deps, memberId: string | undefined, ids: string[]) => {
  const { rows } = await sql<{ id: string }>`
    select id from social.listed(${memberId ?? null}::uuid) where id = any(${ids}::uuid[])`.execute(deps.db);
  return new Set(rows.map(({ id }) => id));
};

test('who sees a board, what is on it and what is said there, by visibility, state, role and key', async ({
  deps,
}) => {
  const cast = await theCast(deps);
  const roles = [
    'guest',
    ...Object.keys(cast).filter((role) => role !== 'writer' && role !== 'guest'),
  ] as Role[];
  const seen: string[] = [];
  const told: string[] = [];
  for (const visibility of VISIBILITIES) {
    for (const state of STATES) {
      const { board, pin, comment, key } = await aBoard(deps, cast, visibility);
      await inTransaction(deps.db, (tx) => changeState(tx, [board], { from: ['live'], to: state }));
      for (const role of roles) {
        for (const hasKey of [false, true]) {
          const eye = { memberId: cast[role], key: hasKey ? key : 'not the key at all' };
          const opened = await openAll(deps.db, eye, [board, pin, comment]);
          const shown = await listed(deps, cast[role], [board, pin, comment]);
          const each = { role, visibility, state, hasKey };
          const meetsWriter = role !== 'blockedByWriter';
          const name = `${visibility} ${state} ${role} ${hasKey ? 'key' : 'no key'}`;
          const says = (of: string, isSeen: boolean, isTold: boolean) => {
            seen.push(`${name} ${of} ${isSeen}`);
            told.push(`${name} ${of} ${isTold}`);
          };
          says('board listed', shown.has(board), isListed(each));
          says('board opened', opened.has(board), isOpened(each));
          for (const [of, id] of [
            ['pin', pin],
            ['comment', comment],
          ] as const) {
            says(`${of} listed`, shown.has(id), isListed(each) && meetsWriter);
            says(`${of} opened`, opened.has(id), isOpened(each) && meetsWriter);
          }
          if (opened.has(board))
            expect(opened.get(board)?.standing, name).toBe(isMaker(role) ? role : 'onlooker');
        }
      }
    }
  }
  expect(seen).toEqual(told);
  expect(seen).toHaveLength(3 * 5 * 9 * 2 * 6);
});

test('what was removed in between hides what is said there from all but its owner', async ({ deps }) => {
  const [owner, writer] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const board = await aPiece(deps, owner.memberId);
  const pin = await aPiece(deps, owner.memberId, { kind: 'pin', withinId: board });
  const comment = await aPiece(deps, writer.memberId, { kind: 'comment', withinId: pin });
  await inTransaction(deps.db, (tx) => changeState(tx, [pin], { from: ['live'], to: 'removed' }));
  const sees = async (memberId?: string) => [
    ...(await openAll(deps.db, { memberId }, [board, pin, comment])).keys(),
  ];
  expect(await sees(writer.memberId)).toEqual([board]);
  expect(await sees()).toEqual([board]);
  expect((await sees(owner.memberId)).toSorted()).toEqual([board, pin, comment].toSorted());
  expect([...(await listed(deps, owner.memberId, [board, pin, comment]))]).toEqual([board]);
});

test('a link that was given away ends when the board is not unlisted any more, and opens nothing afterwards', async ({
  deps,
}) => {
  const owner = await aPerson(deps);
  const board = await aPiece(deps, owner.memberId, { visibility: 'public' });
  const set = (visibility: SocialVisibility) =>
    inTransaction(deps.db, (tx) => setVisibility(tx, board, visibility));
  const opens = async (key: string | null) =>
    (await openAll(deps.db, { key: key ?? undefined }, [board])).has(board);
  const { linkKey: first } = await set('unlisted');
  expect(first).toMatch(/^[\w-]{24}$/);
  expect(await set('unlisted')).toEqual({ linkKey: first });
  expect([await opens(first), await opens(null), await opens('x'.repeat(24))]).toEqual([true, false, false]);
  expect(await set('secret')).toEqual({ linkKey: null });
  expect(await opens(first)).toBe(false);
  const { linkKey: second } = await set('unlisted');
  expect(second).not.toBe(first);
  expect([await opens(first), await opens(second)]).toEqual([false, true]);
});
