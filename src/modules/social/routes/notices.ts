import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Cursor, Moment, Person } from '../answers.ts';
import { chooseNotices, noticeChoices, noticesOf, seeNotices } from '../notice-list.ts';
import { NOTICE_KINDS } from '../notices.ts';

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Kind = Type.Enum([...NOTICE_KINDS]);
const Choice = exactly({ kind: Kind, inPage: Type.Boolean(), byMail: Type.Boolean() });

type Routes = NonNullable<Module['routes']>;

const readingRoutes: Routes = async (app, { db, reads, now }) => {
  app.get(
    '/notices',
    {
      ...member,
      schema: {
        operationId: 'listNotices',
        summary: 'What the caller is told of, the latest first, by ids: words are read where they stand',
        querystring: exactly({ cursor: Type.Optional(Id) }),
        response: {
          200: Type.Object({
            notices: Type.Array(
              Type.Object({
                id: Id,
                kind: Kind,
                actor: Type.Union([Person, Type.Null()]),
                pieceId: Type.Union([Id, Type.Null()]),
                data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
                at: Moment,
                isSeen: Type.Boolean(),
              }),
            ),
            cursor: Cursor,
          }),
          ...problems(...asked),
        },
      },
    },
    async ({ viewer: { memberId = '' }, query }) => {
      const { notices, cursor } = await noticesOf(reads, memberId, query.cursor);
      return { notices: notices.map((each) => ({ ...each, at: each.at.toISOString() })), cursor };
    },
  );

  app.post(
    '/notices/seen',
    {
      ...member,
      schema: {
        operationId: 'seeNotices',
        summary: 'The caller has seen everything up to a notice, that one too',
        body: exactly({ throughId: Id }),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, body: { throughId } }, reply) => {
      await inTransaction(db, (tx) => seeNotices(tx, memberId, throughId, now()));
      return reply.code(204).send(null);
    },
  );
};

const choiceRoutes: Routes = async (app, { db, reads }) => {
  app.get(
    '/notices/choices',
    {
      ...member,
      schema: {
        operationId: 'listNoticeChoices',
        response: { 200: Type.Object({ choices: Type.Array(Choice) }), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' } }) => ({ choices: await noticeChoices(reads, memberId) }),
  );

  app.put(
    '/notices/choices',
    {
      ...member,
      schema: {
        operationId: 'chooseNotices',
        summary: 'How the caller wants to hear of each kind; kinds left out stay as they are',
        body: exactly({ choices: Type.Array(Choice, { minItems: 1, maxItems: NOTICE_KINDS.length }) }),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, body: { choices } }, reply) => {
      await inTransaction(db, (tx) => chooseNotices(tx, memberId, choices));
      return reply.code(204).send(null);
    },
  );
};

export const noticeRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await choiceRoutes(app, deps);
};
