import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Deps, Module } from '#platform/module.ts';
import { cloudEventsIn } from './cloud-events.ts';
import { collect, tornLetter } from './collect.ts';
import { setAside } from './dead-letters.ts';
import { isFromHere } from '../identity/index.ts';
import type { Call } from './envelope.ts';
import { collectorErrors } from './errors.ts';
import { BATCH_BYTES_MAX, jsonOf, keyOf, textOf } from './incoming.ts';
import { SharedPace } from './shared-pace.ts';
import { allowOrigin, preflight } from './cross-origin-routes.ts';
import { sdkSettingsRoutes } from './sdk-settings-routes.ts';
import { SHOP_SOURCE_ID, type Source, sourceOfKey } from './sources.ts';
import { openStore } from './store.ts';

/** The addresses of the Segment HTTP tracking API, and the short ones that analytics-next uses. */
const ADDRESSES: { path: string; operation: string; call: Call | undefined }[] = [
  { path: '/v1/batch', operation: 'collectBatch', call: undefined },
  { path: '/v1/import', operation: 'collectImport', call: undefined },
  { path: '/v1/track', operation: 'collectTrack', call: 'track' },
  { path: '/v1/page', operation: 'collectPage', call: 'page' },
  { path: '/v1/screen', operation: 'collectScreen', call: 'screen' },
  { path: '/v1/identify', operation: 'collectIdentify', call: 'identify' },
  { path: '/v1/group', operation: 'collectGroup', call: 'group' },
  { path: '/v1/alias', operation: 'collectAlias', call: 'alias' },
  { path: '/v1/b', operation: 'collectBatchShort', call: undefined },
  { path: '/v1/t', operation: 'collectTrackShort', call: 'track' },
  { path: '/v1/p', operation: 'collectPageShort', call: 'page' },
  { path: '/v1/s', operation: 'collectScreenShort', call: 'screen' },
  { path: '/v1/i', operation: 'collectIdentifyShort', call: 'identify' },
  { path: '/v1/g', operation: 'collectGroupShort', call: 'group' },
  { path: '/v1/a', operation: 'collectAliasShort', call: 'alias' },
];

const Answer = Type.Object({
  success: Type.Boolean(),
  taken: Type.Integer({ description: 'Events that are durable now' }),
  setAside: Type.Integer({
    description: 'Events that did not fit: they wait on the desk with their reasons',
  }),
});
const REFUSALS = problems(
  collectorErrors.key_unknown,
  collectorErrors.origin_refused,
  collectorErrors.too_large,
  collectorErrors.too_fast,
  collectorErrors.zip_broken,
);
const ABOUT =
  'JSON of up to 500 kB, zipped or not, of any content type; an event has 32 kB at most. The write key comes by basic authorization or as `writeKey`. Answered when every event is durable or set aside with its reason: one that does not fit takes no other with it. A `messageId` that comes again counts once.';

/** The routes take bytes, whatever their type is called: clients write JSON as text/plain, forms and octets. */
export const collectRoutes: NonNullable<Module['rootRoutes']> = async (app, deps) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BATCH_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', async (request, reply) => allowOrigin(request, reply));
  const handle = taking(deps);
  for (const { path, operation, call } of ADDRESSES) {
    app.post(path, about(operation, ABOUT), (request, reply) => handle(request, reply, call));
    preflight(app, path);
  }
  app.post(
    '/v1/cloudevents',
    about(
      'collectCloudEvents',
      'CloudEvents 1.0 by HTTP: binary, structured (`application/cloudevents+json`) or batched (`application/cloudevents-batch+json`). `source` and `id` together are the message id, `type` is the name, `data` the properties. The write key comes by basic authorization.',
    ),
    (request, reply) => handle(request, reply, 'cloudevent'),
  );
  preflight(app, '/v1/cloudevents');
  await app.register(sdkSettingsRoutes, deps);
};

const about = (operationId: string, description: string) => ({
  // Each key has a limit of its own, which knows what an honest client sends.
  config: { access: 'public' as const, rateLimit: false as const },
  schema: { operationId, tags: ['collector'], description, response: { 200: Answer, ...REFUSALS } },
});

function taking(deps: Deps) {
  const store = openStore(deps);
  const pace = new SharedPace(deps.db);

  const paced = async (source: Source, events: number, reply: FastifyReply): Promise<void> => {
    const retryAfterSeconds = await pace.take(source, Math.max(1, events), deps.now().getTime());
    if (retryAfterSeconds === 0) return;
    void reply.header('retry-after', String(retryAfterSeconds));
    throw collectorErrors.too_fast({ retryAfterSeconds });
  };

  return async (request: FastifyRequest, reply: FastifyReply, call: Call | undefined) => {
    const { headers, viewer } = request;
    const receivedAt = deps.now();
    const text = await textOf(request.body, headers);
    const body = call === 'cloudevent' ? cloudEventsIn(text, headers) : jsonOf(text);
    const source = await sourceOfKey(deps.db, keyOf(headers, body));
    assertOrigin(deps, source, headers);
    if (body === undefined) {
      await paced(source, 1, reply);
      await inTransaction(deps.db, (tx) => setAside(tx, source.id, [tornLetter(text, call)], receivedAt));
      return { success: true, taken: 0, setAside: 1 };
    }
    const events = eventsIn(body, call);
    await paced(source, events.length, reply);
    const told = body as { sentAt?: unknown } | null;
    const answer = await collect(deps, store, {
      source,
      events,
      call,
      sentAt: told?.sentAt,
      receivedAt,
      memberId: source.kind === 'browser' ? viewer.memberId : undefined,
      userAgent: source.kind === 'browser' ? (headers['user-agent'] ?? '') : '',
    });
    return { success: true, ...answer };
  };
}

/** A key for certain pages is of no use to others. What is no page says no origin, and is not one of those either. */
function assertOrigin(deps: Deps, { id, origins }: Source, headers: FastifyRequest['headers']): void {
  const { origin } = headers;
  // The shop's key is for the pages of this server, whatever its address is.
  if (id === SHOP_SOURCE_ID && !isFromHere(deps, headers)) throw collectorErrors.origin_refused({});
  if (origins.length === 0 || (origin !== undefined && origins.includes(origin))) return;
  throw collectorErrors.origin_refused({});
}

function eventsIn(body: unknown, call: Call | undefined): unknown[] {
  const batch = (body as { batch?: unknown } | null)?.batch;
  if (Array.isArray(batch)) return batch;
  return call === undefined && batch === undefined && isTyped(body)
    ? [body]
    : call === undefined
      ? [batch]
      : [body];
}

const isTyped = (body: unknown) => typeof body === 'object' && body !== null && 'type' in body;
