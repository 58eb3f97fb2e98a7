import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { unseenOf } from '#modules/social/index.ts';
import type { Deps } from '#platform/module.ts';
import { page } from '../page.ts';

const LOOK_MS = 2_000;
/** A proxy that hears nothing for a minute hangs up. */
const KEEP_ALIVE_LOOKS = 15;

/** The news that somebody was told something: a stream for each page, one look at the database for all of them. */
export const noticesLive: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  const closing = new AbortController();
  const look = sharedLook(reads);
  // Open streams would keep the server from ending.
  app.addHook('preClose', async () => closing.abort());

  app.get('/notices/live', page('member'), async (request, reply) => {
    const { memberId = '' } = request.viewer;
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    const until = AbortSignal.any([closing.signal, gone.signal]);
    return reply.send(Readable.from(counts(memberId, look, until)));
  });
};

type Look = (memberId: string) => Promise<number>;

/** Says how many wait to be seen, first and each time that it is another number. */
async function* counts(memberId: string, look: Look, until: AbortSignal): AsyncGenerator<string> {
  let said: number | undefined;
  yield 'retry: 3000\n\n';
  for (let looks = 1; !until.aborted; looks++) {
    const count = await look(memberId);
    if (count !== said) yield `event: unseen\ndata: ${count}\n\n`;
    else if (looks % KEEP_ALIVE_LOOKS === 0) yield ': still here\n\n';
    said = count;
    await setTimeout(LOOK_MS, undefined, { signal: until }).catch(() => {});
  }
}

/** Those who ask while a look is due share one statement, however many pages are open. */
function sharedLook(reads: Deps['reads']): Look {
  let asking: { ids: Set<string>; answer: Promise<Map<string, number>> } | undefined;
  return async (memberId) => {
    if (!asking) {
      const ids = new Set<string>();
      const answer = setTimeout(LOOK_MS / 10).then(() => {
        asking = undefined;
        return unseenOf(reads, [...ids]);
      });
      asking = { ids, answer };
    }
    asking.ids.add(memberId);
    return (await asking.answer).get(memberId) ?? 0;
  };
}
