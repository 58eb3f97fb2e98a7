import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { freshness } from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import { page } from '../page.ts';
import { worldMap } from './world-map.ts';

const LOOK_MS = 1_000;
/** A proxy that hears nothing for a minute hangs up. */
const KEEP_ALIVE_LOOKS = 20;

/** What the desk's pages fetch beside themselves: the news that figures changed, and the outline of the world. */
export const deskLive: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const closing = new AbortController();
  // Open streams would keep the server from ending.
  app.addHook('preClose', async () => closing.abort());

  app.get('/desk/live', page('staff'), async (request, reply) => {
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return reply.send(Readable.from(changes(db, AbortSignal.any([closing.signal, gone.signal]))));
  });

  app.get('/desk/world-:hash.svg', page('public'), async (_request, reply) => {
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=31536000, immutable');
    return worldMap().landSvg;
  });
};

/** Says `changed` each time that figures have changed since it last looked. */
async function* changes(db: Deps['db'], until: AbortSignal): AsyncGenerator<string> {
  let { changedAt } = await freshness(db);
  yield 'retry: 3000\n\n';
  for (let look = 1; !until.aborted; look++) {
    await setTimeout(LOOK_MS, undefined, { signal: until }).catch(() => {});
    if (until.aborted) return;
    const latest = await freshness(db);
    if (latest.changedAt > changedAt) yield 'event: changed\ndata:\n\n';
    else if (look % KEEP_ALIVE_LOOKS === 0) yield ': still here\n\n';
    ({ changedAt } = latest);
  }
}
