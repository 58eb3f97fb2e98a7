import { Type } from 'typebox';
import { socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { MODERATORS } from '../access.ts';
import { act, ACT_KINDS, NOTE_MAX } from '../acts.ts';
import { removals } from '../appeals.ts';
import { safetyErrors } from '../errors.ts';
import { CAUSES, concernPage, type ConcernPage, queue, type QueueLine } from '../queue.ts';
import { Limit, LogPaging, Moment, MomentOrNone, Next, Reason, RemovalLog, removalLog } from './schemas.ts';

type Routes = NonNullable<Module['routes']>;

const moderator = { config: { access: MODERATORS } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Text = Type.String();
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const Who = orNull(Type.Object({ memberId: Id, handle: Text, name: Text }));
const Level = Type.Integer({ minimum: 0, maximum: 3 });
const Act = Type.Enum([...ACT_KINDS]);

const head = {
  id: Id,
  kind: Type.String({ description: 'of the piece, or `profile`' }),
  pieceId: orNull(Id),
  owner: Who,
  state: orNull(Text),
  isOpen: Type.Boolean(),
  causes: Type.Array(Type.Enum([...CAUSES])),
  urgency: Type.Integer(),
  openedAt: Moment,
  version: Type.Integer({ description: 'to be given with an act: of two who saw the same, the first wins' }),
  words: Text,
};
const Line = Type.Object({ ...head, reports: Type.Integer(), reasons: Type.Array(Reason) });
const Concern = Type.Object({
  ...head,
  links: Type.Array(Text),
  trust: orNull(Type.Object({ level: Level, isSet: Type.Boolean(), suspendedUntil: MomentOrNone })),
  pictures: Type.Array(Type.Object({ sha256: Text, alt: Text, files: Type.Array(Text) })),
  product: orNull(Type.Object({ slug: Text, title: Text })),
  within: orNull(Type.Object({ id: Id, kind: Text, owner: Who, words: Text })),
  reports: Type.Array(Type.Object({ reporter: Who, level: Level, reason: Reason, words: Text, at: Moment })),
  acts: Type.Array(
    Type.Object({
      id: Id,
      kind: Act,
      reason: orNull(Reason),
      note: Text,
      level: orNull(Level),
      until: MomentOrNone,
      byId: Id,
      at: Moment,
      appeal: orNull(Text),
    }),
  ),
  signals: Type.Array(
    Type.Object({
      kind: Text,
      isOfMaker: Type.Boolean(),
      value: Type.Number(),
      evidence: Type.Record(Text, Type.Unknown()),
      at: Moment,
    }),
  ),
  history: Type.Array(Type.Object({ kind: Act, count: Type.Integer(), lastAt: Moment })),
});

const line = (each: QueueLine) => ({ ...each, openedAt: each.openedAt.toISOString() });
const whole = (each: ConcernPage) => ({
  ...each,
  openedAt: each.openedAt.toISOString(),
  trust: each.trust && {
    ...each.trust,
    suspendedUntil: each.trust.suspendedUntil?.toISOString() ?? null,
  },
  reports: each.reports.map((one) => ({ ...one, at: one.at.toISOString() })),
  acts: each.acts.map((one) => ({
    ...one,
    at: one.at.toISOString(),
    until: one.until?.toISOString() ?? null,
  })),
  signals: each.signals.map((one) => ({ ...one, at: one.at.toISOString() })),
  history: each.history.map((one) => ({ ...one, lastAt: one.lastAt.toISOString() })),
});

const readingRoutes: Routes = async (app, { db }) => {
  app.get(
    '/concerns',
    {
      ...moderator,
      schema: {
        operationId: 'listConcerns',
        summary: 'What waits for a moderator, the most pressing first',
        querystring: exactly({
          limit: Limit,
          cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}_[0-9]{1,18}_[0-9a-f-]{36}$' })),
          cause: Type.Optional(Type.Enum([...CAUSES])),
        }),
        response: { 200: Type.Object({ concerns: Type.Array(Line), cursor: Next }), ...problems(...asked) },
      },
    },
    async ({ query }) => {
      const { concerns, cursor } = await queue(db, query);
      return { concerns: concerns.map(line), cursor };
    },
  );

  app.get(
    '/concerns/:id',
    {
      ...moderator,
      schema: {
        operationId: 'getConcern',
        params: ById,
        response: { 200: Concern, ...problems(...asked, safetyErrors.concern_not_found) },
      },
    },
    async ({ params: { id } }) => whole(await concernPage(db, id)),
  );

  app.get(
    '/removals',
    {
      ...moderator,
      schema: {
        operationId: 'listRemovals',
        summary: 'Everything that was taken away, why, and what became of it',
        querystring: exactly(LogPaging),
        response: { 200: RemovalLog, ...problems(...asked) },
      },
    },
    async ({ query }) => removalLog(await removals(db, query)),
  );
};

const actRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/concerns/:concernId/acts/:id',
    {
      ...moderator,
      schema: {
        operationId: 'actOnConcern',
        summary:
          'Keeps, holds, removes, restores; warns, sets the trust of a member or pauses what they can do',
        params: exactly({ concernId: Id, id: Id }),
        body: exactly({
          version: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }),
          kind: Act,
          reason: Type.Optional(Reason),
          note: Type.Optional(Type.String({ maxLength: NOTE_MAX, default: '' })),
          level: Type.Optional(Type.Enum([0, 1, 2, 3])),
          until: Type.Optional(Moment),
        }),
        response: {
          204: Type.Null(),
          ...problems(
            ...asked,
            socialErrors.words_too_long,
            safetyErrors.concern_not_found,
            safetyErrors.moved_meanwhile,
            safetyErrors.act_differs,
            safetyErrors.act_not_open,
            safetyErrors.not_your_appeal,
            safetyErrors.own_thing,
            safetyErrors.until_invalid,
            safetyErrors.note_missing,
            safetyErrors.reason_not_for_kind,
          ),
        },
      },
    },
    async ({ viewer, params: { concernId, id }, body: { until, note = '', ...body } }, reply) => {
      const wish = { ...body, note, id, concernId, ...(until && { until: new Date(until) }) };
      await inTransaction(db, (tx) => act(tx, viewer, wish, now()));
      return reply.code(204).send(null);
    },
  );
};

export const deskRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await actRoutes(app, deps);
};
