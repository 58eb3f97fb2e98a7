import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { heldSessions } from '#modules/identity/index.ts';
import { unseenOf } from '#modules/social/index.ts';
import type { Deps } from '#platform/module.ts';
import { page } from '../page.ts';

const LOOK_MS = 2_000;
/** A proxy that hears nothing for a minute hangs up. */
const KEEP_ALIVE_LOOKS = 15;
/** Of one member in each process: with more pages open, the one that was opened first hears no more. */
const STREAMS_MAX = 8;

/**
 * The news that somebody was told something: a stream for each page, one look at the database for all of them. A look, and
 * no message of the database's own: those make every transaction that is told of wait for the others as it commits. What is
 * said is how many wait, so a stream that was cut off and opened again has missed nothing.
 */
export const noticesLive: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  const closing = new AbortController();
  const look = sharedLook(reads, now);
  const open = new Map<string, AbortController[]>();
  // Open streams would keep the server from ending.
  app.addHook('preClose', async () => closing.abort());

  app.get('/notices/live', page('member'), async (request, reply) => {
    const { memberId = '', sessionId = '' } = request.viewer;
    const gone = new AbortController();
    const streams = [...(open.get(memberId) ?? []), gone];
    for (const first of streams.splice(0, streams.length - STREAMS_MAX)) first.abort();
    open.set(memberId, streams);
    gone.signal.addEventListener('abort', () => {
      const left = open.get(memberId)?.filter((each) => each !== gone) ?? [];
      if (left.length > 0) open.set(memberId, left);
      else open.delete(memberId);
    });
    request.raw.once('close', () => gone.abort());
    reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    const until = AbortSignal.any([closing.signal, gone.signal]);
    return reply.send(Readable.from(counts({ memberId, sessionId }, look, until)));
  });
};

interface Listener {
  memberId: string;
  sessionId: string;
}

/** Undefined where the listener has been signed out. */
type Look = (listener: Listener) => Promise<number | undefined>;

/** Says how many wait to be seen, first and each time that it is another number; ends when the listener is signed out. */
async function* counts(listener: Listener, look: Look, until: AbortSignal): AsyncGenerator<string> {
  let said: number | undefined;
  yield 'retry: 3000\n\n';
  for (let looks = 1; !until.aborted; looks++) {
    const count = await look(listener);
    if (count === undefined) return;
    if (count !== said) yield `event: unseen\ndata: ${count}\n\n`;
    else if (looks % KEEP_ALIVE_LOOKS === 0) yield ': still here\n\n';
    said = count;
    await setTimeout(LOOK_MS, undefined, { signal: until }).catch(() => {});
  }
}

interface Looking {
  members: Set<string>;
  sessions: Set<string>;
  answer: Promise<{ unseen: Map<string, number>; held: Set<string> }>;
}

/** Those who ask while a look is due share one, however many pages are open. */
function sharedLook(reads: Deps['reads'], now: Deps['now']): Look {
  let asking: Looking | undefined;
  return async ({ memberId, sessionId }) => {
    if (!asking) {
      const [members, sessions] = [new Set<string>(), new Set<string>()];
      const answer = setTimeout(LOOK_MS / 10).then(async () => {
        asking = undefined;
        const [unseen, held] = await Promise.all([
          unseenOf(reads, [...members]),
          heldSessions(reads, [...sessions], now()),
        ]);
        return { unseen, held };
      });
      asking = { members, sessions, answer };
    }
    asking.members.add(memberId);
    asking.sessions.add(sessionId);
    const { unseen, held } = await asking.answer;
    return held.has(sessionId) ? (unseen.get(memberId) ?? 0) : undefined;
  };
}
