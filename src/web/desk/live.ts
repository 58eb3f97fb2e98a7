import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { freshness } from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import { page } from '../page.ts';
import { worldMap } from './world-map.ts';

const Since = Type.Object({ since: Type.Optional(Type.String({ maxLength: 40 })) });
const LOOK_MS = 500;
/** A proxy that hears nothing for a minute hangs up. */
const KEEP_ALIVE_LOOKS = 40;

/** What the desk's pages fetch beside themselves: the news that figures changed, and the outline of the world. */
export const deskLive: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const closing = new AbortController();
  // Open streams would keep the server from ending.
  app.addHook('preClose', async () => closing.abort());

  app.get('/desk/live', page('staff', { querystring: Since }), async (request, reply) => {
    // What changed between the page's making and this call, or while the browser was cut off, is told first.
    const told = Date.parse(String(request.headers['last-event-id'] ?? request.query.since));
    const since = Number.isNaN(told) ? undefined : new Date(told);
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return reply.send(Readable.from(changes(db, since, AbortSignal.any([closing.signal, gone.signal]))));
  });

  app.get('/desk/world-:hash.svg', page('public'), async (_request, reply) => {
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=31536000, immutable');
    return worldMap().landSvg;
  });
};

/** Says `changed` each time that figures have changed since it last looked, the first time since `since`. */
async function* changes(db: Deps['db'], since: Date | undefined, until: AbortSignal): AsyncGenerator<string> {
  let { changedAt } = since ? { changedAt: since } : await freshness(db);
  yield 'retry: 3000\n\n';
  for (let look = 1; !until.aborted; look++) {
    const latest = await freshness(db);
    if (latest.changedAt > changedAt)
      yield `event: changed\nid: ${latest.changedAt.toISOString()}\ndata:\n\n`;
    else if (look % KEEP_ALIVE_LOOKS === 0) yield ': still here\n\n';
    ({ changedAt } = latest);
    await setTimeout(LOOK_MS, undefined, { signal: until }).catch(() => {});
  }
}
