import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { MADE_KINDS, madeBy, type MadeKind, ownersOfUnshown, photosIn, unshownPhotos } from '#read/made.ts';
import { endBoards, endPins, endSuggestions } from './modules/boards/index.ts';
import { endLooks, endSwaps } from './modules/looks/index.ts';
import { endPosts } from './modules/posts/index.ts';
import { endAnswers, endQuestions, endReviews, endVotes } from './modules/reviews/index.ts';
import { endComments, endReactions, removePhotos, setVisibility } from './modules/social/index.ts';

export const DELETE_MADE = 'made.delete';
export const DROP_UNSHOWN = 'made.drop_unshown_photos';
const BATCH = 100;
const BATCHES_MAX = 100_000;
export const SELECTED_MAX = 100;
/** A photo that was brought for a form waits so long for it to be sent. */
const UNSHOWN_HOURS = 3;
const OWNERS_AT_ONCE = 500;

interface Own {
  id: string;
  kind: MadeKind;
}

/** Those of the things that are the member's and still there, in an order that nobody who deletes departs from. */
async function ownOf(db: Db, memberId: string, ids: readonly string[]): Promise<Own[]> {
  const { rows } = await sql<Own>`
    select id, kind from social.piece
    where id = any(${[...ids]}::uuid[]) and owner_id = ${memberId} and state <> 'deleted' order by id`.execute(
    db,
  );
  return rows;
}

/**
 * The one place that deletes what somebody made, of every kind: words are gone at once, from whatever shows them; where
 * others answered an empty place stays. What is not theirs is left alone. Answers how many things went.
 */
export async function deleteMade(
  tx: Tx,
  memberId: string,
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const own = await ownOf(tx, memberId, ids);
  const of = (kind: MadeKind) => own.flatMap((each) => (each.kind === kind ? [each.id] : []));
  const pictures = await photosIn(
    tx,
    own.map(({ id }) => id),
  );
  await endPins(tx, of('pin'), now);
  await endSuggestions(tx, of('suggestion'));
  await endSwaps(tx, of('suggestion'));
  await endBoards(tx, of('board'));
  await endPosts(tx, memberId, of('post'));
  await endLooks(tx, of('look'));
  await endReviews(tx, of('review'));
  await endAnswers(tx, of('answer'));
  await endQuestions(tx, of('question'));
  await endComments(tx, of('comment'));
  const unshown = pictures.length > 0 ? await unshownPhotos(tx, memberId, pictures) : [];
  if (unshown.length > 0) await removePhotos(tx, memberId, unshown);
  return own.length;
}

/** Says who sees things of the member's; what stands within something else is seen as that is, and left alone. */
export async function showMade(
  tx: Tx,
  memberId: string,
  ids: readonly string[],
  visibility: 'public' | 'unlisted' | 'secret',
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from social.piece
    where id = any(${[...ids]}::uuid[]) and owner_id = ${memberId} and root_id = id and kind in ('board', 'look', 'post')
      and state <> 'deleted' and visibility <> ${visibility} order by id for update`.execute(tx);
  for (const { id } of rows) await setVisibility(tx, id, visibility);
  return rows.length;
}

/** Has all of a kind deleted, or everything, as it is now: by a job, since it may be much. */
export async function askDeletion(tx: Tx, memberId: string, kind: MadeKind | null, now: Date): Promise<void> {
  const payload = { memberId, kind, until: now.toISOString() };
  await addJob(tx, DELETE_MADE, payload, `${memberId} ${kind ?? 'all'}`);
}

/** Job. Some at a time, so that nobody waits for a lock; begun again it goes on with what is left. */
export async function deleteAllMade({ db, now }: Pick<Deps, 'db' | 'now'>, payload: unknown): Promise<void> {
  const { memberId, kind, until } = payload as { memberId: string; kind: MadeKind | null; until: string };
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const { rows } = await sql<{ id: string }>`
      select id from social.piece
      where owner_id = ${memberId} and state <> 'deleted' and made_at <= ${until}::timestamptz + interval '1 millisecond'
        and (${kind}::social.piece_kind is null or kind = ${kind}::social.piece_kind)
      order by kind, id limit ${BATCH}`.execute(db);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) break;
    await inTransaction(db, (tx) => deleteMade(tx, memberId, ids, now()));
  }
  if (kind !== null) return;
  await inTransaction(db, async (tx) => {
    await endReactions(tx, memberId);
    await endVotes(tx, memberId);
    const unshown = await unshownPhotos(tx, memberId);
    if (unshown.length > 0) await removePhotos(tx, memberId, unshown);
  });
}

/** Job. Pictures that nothing shows any more, whichever way that came about, are gone within a day. */
export async function dropUnshownPhotos({ db, reads, now }: Deps): Promise<void> {
  const before = new Date(now().getTime() - UNSHOWN_HOURS * 3_600_000);
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const owners = await ownersOfUnshown(reads, before, OWNERS_AT_ONCE);
    for (const memberId of owners)
      await inTransaction(db, async (tx) => {
        const ids = await unshownPhotos(tx, memberId);
        const { rows } = await sql<{ id: string }>`
          select id from social.photo where id = any(${ids}::uuid[]) and made_at < ${before}`.execute(tx);
        if (rows.length > 0)
          await removePhotos(
            tx,
            memberId,
            rows.map(({ id }) => id),
          );
      });
    if (owners.length < OWNERS_AT_ONCE) return;
  }
}

const Kind = Type.Enum([...MADE_KINDS]);
const Visibility = Type.Enum(['public', 'unlisted', 'secret']);
const Ids = Type.Array(Id, { minItems: 1, maxItems: SELECTED_MAX });
export const MadeCursor = Type.String({
  pattern: String.raw`^\d{1,17}_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$`,
});
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

const Thing = Type.Object({
  id: Id,
  kind: Kind,
  words: Type.String(),
  madeAt: Type.String({ format: 'date-time' }),
  state: Type.Enum(['draft', 'held', 'live', 'removed']),
  visibility: Visibility,
  isRoot: Type.Boolean({ description: 'it stands by itself, so that its maker says who sees it' }),
  where: Type.Union([Type.String(), Type.Null()]),
});

/** Here, since what somebody made stands in many modules. */
export const madeRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  app.get(
    '/v1/made',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listMade',
        tags: ['made'],
        summary: 'All that the caller made, the latest first',
        querystring: exactly({
          kind: Type.Optional(Kind),
          words: Type.Optional(Type.String({ maxLength: 100 })),
          cursor: Type.Optional(MadeCursor),
        }),
        response: {
          200: Type.Object({ made: Type.Array(Thing), cursor: Type.Union([Type.String(), Type.Null()]) }),
          ...problems(...asked),
        },
      },
    },
    async ({ viewer: { memberId = '' }, query }) => {
      const { made, cursor } = await madeBy(reads, memberId, query);
      return { made: made.map((each) => ({ ...each, madeAt: each.madeAt.toISOString() })), cursor };
    },
  );

  app.post(
    '/v1/made/deletions',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'deleteMade',
        tags: ['made'],
        summary:
          'Deletes some of what the caller made, or all of a kind, or everything; the last two by a job',
        body: Type.Union([
          exactly({ ids: Ids }),
          exactly({ all: Type.Union([Kind, Type.Literal('everything')]) }),
        ]),
        response: { 202: Type.Null(), 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, body }, reply) => {
      if ('ids' in body) {
        await inTransaction(db, (tx) => deleteMade(tx, memberId, body.ids, now()));
        return reply.code(204).send(null);
      }
      const kind = body.all === 'everything' ? null : body.all;
      await inTransaction(db, (tx) => askDeletion(tx, memberId, kind, now()));
      return reply.code(202).send(null);
    },
  );

  app.post(
    '/v1/made/visibility',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'showMade',
        tags: ['made'],
        summary: 'Says who sees boards, looks and posts of the caller’s',
        body: exactly({ ids: Ids, visibility: Visibility }),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, body }, reply) => {
      await inTransaction(db, (tx) => showMade(tx, memberId, body.ids, body.visibility));
      return reply.code(204).send(null);
    },
  );
};
