import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { ARRIVALS_BY, arrivalsOf } from './arrivals.ts';
import { qualityErrors } from './errors.ts';
import { FAULTS, findings, MUTE_DAYS_MAX, muteFault } from './findings.ts';

const Moment = Type.String({ format: 'date-time' });
const Fault = Type.Enum([...FAULTS]);
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

type Routes = NonNullable<Module['routes']>;

export const routes: Routes = async (app, deps) => {
  await findingRoutes(app, deps);
  await arrivalRoutes(app, deps);
};

const Few = Type.Union([Type.Number(), Type.Null()]);

const arrivalRoutes: Routes = async (app, { reads, config }) => {
  app.get(
    '/arrivals',
    {
      config: { access: ['staff:admin', 'scope:insight:read'] },
      schema: {
        operationId: 'listArrivals',
        summary: 'What a source sent, or a webhook was sent, by hour or day, beside what is usual of it',
        querystring: exactly({
          feed: Type.String({ maxLength: 80 }),
          by: Type.Enum([...ARRIVALS_BY], { default: 'hour' }),
        }),
        response: {
          200: Type.Object({
            arrivals: Type.Array(
              Type.Object({
                at: Type.String({
                  description: 'The beginning of the hour in UTC, or the day by the retailer’s clock',
                }),
                value: Type.Union([Type.Number(), Type.Null()], {
                  description: 'Null where not all of it was measured',
                }),
                usual: Few,
                low: Few,
                high: Few,
              }),
            ),
          }),
          ...problems(...asked, qualityErrors.feed_not_found),
        },
      },
    },
    async ({ query }) => ({
      arrivals: (await arrivalsOf(reads, query, config.timeZone)).map(({ at, value, usual }) => ({
        at,
        value,
        ...(usual ?? { usual: null, low: null, high: null }),
      })),
    }),
  );
};

const findingRoutes: Routes = async (app, { db, reads, now }) => {
  app.get(
    '/findings',
    {
      config: { access: ['staff:admin', 'scope:insight:read'] },
      schema: {
        operationId: 'listQualityFindings',
        summary: 'What is not as usual in the data that comes and goes, the newest first',
        querystring: exactly({ state: Type.Enum(['open', 'closed'], { default: 'open' }) }),
        response: {
          200: Type.Object({
            findings: Type.Array(
              Type.Object({
                id: Id,
                feed: Type.String(),
                fault: Fault,
                subject: Type.String(),
                value: Type.Number(),
                expected: Type.Number(),
                openedAt: Moment,
                seenAt: Moment,
                closedAt: Type.Union([Moment, Type.Null()]),
                isMuted: Type.Boolean(),
              }),
            ),
          }),
          ...problems(...asked),
        },
      },
    },
    async ({ query: { state } }) => ({
      findings: (await findings(reads, state, now())).map((finding) => ({
        ...finding,
        openedAt: finding.openedAt.toISOString(),
        seenAt: finding.seenAt.toISOString(),
        closedAt: finding.closedAt?.toISOString() ?? null,
      })),
    }),
  );

  app.put(
    '/mutes',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'muteQualityFault',
        summary: 'Nobody is told of such faults of a feed for some days; 0 ends it',
        body: exactly({
          feed: Type.String({ maxLength: 80 }),
          fault: Fault,
          days: Type.Integer({ minimum: 0, maximum: MUTE_DAYS_MAX }),
        }),
        response: { 204: Type.Null(), ...problems(...asked, qualityErrors.feed_not_found) },
      },
    },
    async ({ viewer, body }, reply) => {
      await inTransaction(db, (tx) => muteFault(tx, actorOf(viewer), body, now()));
      return reply.code(204).send(null);
    },
  );
};
