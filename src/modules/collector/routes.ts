import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../identity/index.ts';
import { arrivals } from './arrivals.ts';
import { type DeadLetter as LetterFacts, deadLetters, letterOf, lettersByReason } from './dead-letters.ts';
import { collectorErrors } from './errors.ts';
import { REASONS } from './fault.ts';
import { dismissLetter, replayLetter } from './replay.ts';
import { putSource, revokeSource, SOURCE_KINDS, sources } from './sources.ts';
import { waiting } from './waiting.ts';

/** What was set aside may name people, and a source decides what is counted. */
const ACCESS = ['staff:admin', 'scope:insight:write'] as const;
const LETTERS_MAX = 100;
const OneId = exactly({ id: Id });
const Moment = Type.String({ format: 'date-time' });
const OrNull = Type.Union([Moment, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Done = Type.Null();

const SourceFields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  kind: Type.Enum([...SOURCE_KINDS]),
  touchpoint: Type.String({
    pattern: '^(web|app|till|embed|service|agent|network:[a-z0-9-]{1,40}|marketplace:[a-z0-9-]{1,40})$',
  }),
  origins: Type.Array(Type.String({ pattern: '^https?://[^/\\s]{1,250}$' }), {
    maxItems: 50,
    default: [],
    description: 'Pages that may send with it, as browsers name them; none: from anywhere',
  }),
  eventsPerSecond: Type.Integer({ minimum: 1, maximum: 100_000, default: 1_000 }),
  burst: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 10_000 }),
};
const Source = Type.Object({
  id: Id,
  ...SourceFields,
  writeKey: Type.String({ description: 'May write events, and nothing else: pages show it to everybody' }),
  madeAt: Moment,
  revokedAt: OrNull,
});

const Letter = Type.Object({
  id: Id,
  sourceId: Id,
  state: Type.Enum(['waiting', 'replayed', 'dismissed']),
  reason: Type.String(),
  place: Type.String({ description: 'Where in the event, as a JSON pointer' }),
  kind: Type.String(),
  name: Type.String(),
  body: Type.String(),
  isCut: Type.Boolean({ description: 'It was too long to be kept whole' }),
  receivedAt: Moment,
  times: Count,
});

const shownLetter = ({ sentAt: _sentAt, receivedAt, ...letter }: LetterFacts) => ({
  ...letter,
  receivedAt: receivedAt.toISOString(),
});

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, clickhouse, now } = deps;

  app.get(
    '/sources',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listSources',
        response: {
          200: Type.Object({
            sources: Type.Array(Source),
            arrivals: Type.Array(Type.Object({ sourceId: Id, hour: Moment, arrivals: Count, bots: Count }), {
              description: 'Of the last 24 hours; the source of zeros is our own ledgers',
            }),
            waiting: Type.Object({ batches: Count, events: Count, since: OrNull, refused: Count }),
            deadLetters: Type.Array(Type.Object({ sourceId: Id, reason: Type.String(), letters: Count })),
          }),
        },
      },
    },
    async () => {
      const [found, arrived, held, letters] = await Promise.all([
        sources(db),
        arrivals(clickhouse, { hours: 24, at: now() }),
        waiting(db),
        lettersByReason(db),
      ]);
      return {
        sources: found.map(({ madeAt, revokedAt, ...source }) => ({
          ...source,
          madeAt: madeAt.toISOString(),
          revokedAt: revokedAt?.toISOString() ?? null,
        })),
        arrivals: arrived,
        waiting: { ...held, since: held.since?.toISOString() ?? null },
        deadLetters: letters,
      };
    },
  );

  await sourceWrites(app, deps);
  await letterRoutes(app, deps);
};

const sourceWrites: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/sources/:id',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'putSource',
        description: 'Makes a source with a write key of its own, or changes one. Its key stays the same.',
        params: OneId,
        body: exactly(SourceFields),
        response: {
          200: Type.Object({ writeKey: Type.String() }),
          ...problems(collectorErrors.sources_full, collectorErrors.source_revoked),
        },
      },
    },
    ({ viewer, params: { id }, body }) =>
      inTransaction(db, (tx) =>
        putSource(tx, actorOf(viewer), { id, ...body, burst: Math.max(body.burst, body.eventsPerSecond) }),
      ),
  );

  app.delete(
    '/sources/:id',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'revokeSource',
        params: OneId,
        response: { 204: Done, ...problems(collectorErrors.source_not_found) },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => revokeSource(tx, actorOf(viewer), id, now()));
      return reply.code(204).send(null);
    },
  );
};

const letterRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;

  app.get(
    '/dead-letters',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listDeadLetters',
        querystring: exactly({
          state: Type.Enum(['waiting', 'replayed', 'dismissed'], { default: 'waiting' }),
          reason: Type.Optional(Type.Enum([...REASONS])),
          sourceId: Type.Optional(Id),
          before: Type.Optional(Id),
          limit: Type.Integer({ minimum: 1, maximum: LETTERS_MAX, default: 50 }),
        }),
        response: { 200: Type.Object({ letters: Type.Array(Letter) }) },
      },
    },
    async ({ query }) => ({ letters: (await deadLetters(db, query)).map(shownLetter) }),
  );

  app.get(
    '/dead-letters/:id',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'readDeadLetter',
        params: OneId,
        response: { 200: Letter, ...problems(collectorErrors.letter_not_found) },
      },
    },
    async ({ params: { id } }) => shownLetter(await letterOf(db, id)),
  );

  await letterWrites(app, deps);
};

const letterWrites: NonNullable<Module['routes']> = async (app, deps) => {
  app.post(
    '/dead-letters/:id/replay',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'replayDeadLetter',
        description: 'Takes the corrected event, or batch, into the stream: once, however often it is asked.',
        params: OneId,
        body: exactly({ body: Type.String({ minLength: 2, maxLength: 40_000 }) }),
        response: {
          204: Done,
          ...problems(
            collectorErrors.letter_not_found,
            collectorErrors.letter_settled,
            collectorErrors.letter_still_unfit,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body: { body } }, reply) => {
      await replayLetter(deps, actorOf(viewer), id, body);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/dead-letters/:id/dismiss',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'dismissDeadLetter',
        params: OneId,
        response: {
          204: Done,
          ...problems(collectorErrors.letter_not_found, collectorErrors.letter_settled),
        },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      await dismissLetter(deps, actorOf(viewer), id);
      return reply.code(204).send(null);
    },
  );
};
