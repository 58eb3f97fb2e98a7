import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { qualityErrors } from './errors.ts';
import { FAULTS, findings, MUTE_DAYS_MAX, muteFault } from './findings.ts';

const Moment = Type.String({ format: 'date-time' });
const Fault = Type.Enum([...FAULTS]);
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

export const routes: NonNullable<Module['routes']> = async (app, { db, reads, now }) => {
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
