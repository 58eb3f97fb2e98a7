import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import {
  arrivals,
  collectorErrors,
  deadLetters,
  lettersByReason,
  putSource,
  revokeSource,
  SOURCE_KINDS,
  sources,
  waiting,
} from '#modules/collector/index.ts';
import { AppError } from '#platform/errors.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { say } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';
import { type Arrived, CollectorView, type SourceErrors, type TypedSource } from './collector-view.tsx';

const LETTERS_SHOWN = 30;
const HOURS_SHOWN = 24;
const ORIGINS_MAX = 50;
const WHERE_SHAPE =
  /^(web|app|till|embed|service|agent|network:[a-z0-9-]{1,40}|marketplace:[a-z0-9-]{1,40})$/;
const ORIGIN = /^https?:\/\/[^/\s]{1,250}$/;
/** What a shop of some size sends; by the API another pace can be set. */
const PACE = { eventsPerSecond: 1_000, burst: 10_000 };

const Body = exactly({
  id: Id,
  name: Text(100),
  kind: Type.Enum([...SOURCE_KINDS], { default: 'browser' }),
  touchpoint: Text(60),
  origins: Text(4_000),
});

/** Who sends events, how many came, and what did not fit. */
export const collectorPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, clickhouse, now, config } = deps;
  const show = async (reply: FastifyReply, typed: TypedSource, errors: SourceErrors) => {
    const [found, arrived, held, letters, latest] = await Promise.all([
      sources(db),
      arrivals(clickhouse, { hours: HOURS_SHOWN, at: now() }).catch(() => undefined),
      waiting(db),
      lettersByReason(db),
      deadLetters(db, { state: 'waiting', limit: LETTERS_SHOWN }),
    ]);
    const view = { found, arrived: arrived as Arrived | undefined, held, letters, latest, typed, errors };
    return reply.page((about) => (
      <CollectorView page={about} view={{ ...view, timeZone: config.timeZone }} />
    ));
  };
  const blank = (): TypedSource => ({
    id: randomUUID(),
    name: '',
    kind: 'browser',
    touchpoint: 'web',
    origins: '',
  });

  app.get('/desk/collector', page('staff:admin'), (_request, reply) => show(reply, blank(), {}));

  app.post('/desk/collector', page('staff:admin', { body: Body }), async ({ viewer, body }, reply) => {
    const origins = body.origins.split(/\s+/).filter((line) => line !== '');
    const errors = errorsIn(body, origins);
    if (Object.keys(errors).length > 0) return show(reply.code(422), body, errors);
    const { id, kind, touchpoint } = body;
    const wish = { id, name: body.name.trim(), kind, touchpoint, origins, ...PACE };
    await inTransaction(db, (tx) => putSource(tx, actorOf(viewer), wish));
    return sendOn(reply, '/desk/collector', 'desk.collector.saved');
  });

  app.post(
    '/desk/collector/sources/:id/revoke',
    page('staff:admin', { params: exactly({ id: Id }), body: exactly({}) }),
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => revokeSource(tx, actorOf(viewer), id, now()));
      return sendOn(reply, '/desk/collector', 'desk.collector.was_revoked');
    },
  );
};

function errorsIn({ name, touchpoint: typed }: TypedSource, origins: string[]): SourceErrors {
  return {
    ...(name.trim() === '' && { name: say('desk.collector.name.error') }),
    ...wrongWhere(typed),
    ...((origins.length > ORIGINS_MAX || !origins.every((origin) => ORIGIN.test(origin))) && {
      origins: say('desk.collector.origins.error'),
    }),
  };
}

const wrongWhere = (text: string): SourceErrors =>
  WHERE_SHAPE.test(text) ? {} : { touchpoint: say('desk.collector.touchpoint.error') };

/** What is wrong with a correction; anything else is thrown on. */
export function unfitIn(error: unknown): { reason: string; place: string } {
  if (error instanceof AppError && error.code === collectorErrors.letter_still_unfit.code)
    return error.data as { reason: string; place: string };
  throw error;
}
