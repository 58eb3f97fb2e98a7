import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { Type } from 'typebox';
import type { Viewer } from './access.ts';
import { type Db, inTransaction, type Tx } from './db.ts';
import { platformErrors } from './errors.ts';
import type { Deps } from './module.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds a secret and is kept nowhere: who asks again is told that it was given. */
    answersSecret?: boolean;
  }
  interface FastifyRequest {
    /** Set while the answer to this request is to be kept. */
    keeping?: Keeping;
  }
}

interface Keeping {
  db: Db;
  caller: string;
  key: string;
  requestHash: Buffer;
}

interface KeptAnswer {
  requestHash: Buffer;
  status: number | null;
  contentType: string | null;
  body: string | null;
}

export const ABOUT_KEYS =
  'Every write takes an `Idempotency-Key` of 16 to 255 visible ASCII characters: the same request with the same key is done once and answered again as it was (`idempotency-replayed: true`), for a day. While it is still being answered it is refused with 409 `platform.request_in_progress`; a key that came with another request, with 422 `platform.idempotency_key_reused`. What holds a secret is not answered twice: 409 `platform.answer_not_kept`. A `PUT` whose id the caller made is the same thing without a key.';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** 16 characters can't be guessed, so a guest's key is known to that guest alone. */
const KEY = /^[\x21-\x7e]{16,255}$/;
const BODY_CHARACTERS_MAX = 1_000_000;
/** So long a try may take; later than this it has died, and the next one does the work. */
const TRY_SECONDS = 60;
const KEPT_HOURS = 24;

/**
 * Takes the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) on every write of the API: the
 * same request with the same key by the same caller is done once, and answered again as it was. What failed by a
 * fault of ours, or was sent away for asking too often, may be tried again.
 */
export function keepAnswers(app: FastifyInstance, deps: Pick<Deps, 'db' | 'now'>): void {
  app.decorateRequest('keeping');
  app.addHook('preHandler', async (request, reply) => {
    const given = request.headers['idempotency-key'];
    if (given === undefined || !WRITES.has(request.method) || !request.url.startsWith('/v1/')) return;
    return begin(deps, request, reply, String(given));
  });
  app.addHook('onSend', async ({ keeping, routeOptions }, reply, payload) => {
    if (!keeping) return;
    await inTransaction(keeping.db, (tx) =>
      isWorthKeeping(reply, payload)
        ? keep(tx, keeping, reply, routeOptions.config.answersSecret === true ? null : payload)
        : forget(tx, keeping),
    );
  });
}

/** For the description of the API: each write says that it takes the header. */
export function withKeyHeader<Schema extends object>(
  schema: Schema,
  url: string,
  { method }: { method: string | string[] },
): Schema {
  if (!url.startsWith('/v1/') || !WRITES.has(String(method))) return schema;
  return { ...schema, headers: KeyHeader };
}

const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 16, maxLength: 255 })),
});

async function begin(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  request: FastifyRequest,
  reply: FastifyReply,
  given: string,
): Promise<FastifyReply | undefined> {
  const key = given.replace(/^"(.*)"$/, '$1'); // a string of RFC 8941 stands in quotes; most clients leave them out
  if (!KEY.test(key)) throw platformErrors.idempotency_key_invalid({});
  const { method, url, body } = request;
  const requestHash = hash('sha256', JSON.stringify([method, url, body ?? null]), 'buffer');
  const keeping = { db, caller: callerOf(request.viewer), key, requestHash };
  const known = await inTransaction(db, (tx) => taken(tx, keeping, now()));
  if (!known) {
    request.keeping = keeping;
    return undefined;
  }
  if (!known.requestHash.equals(requestHash)) throw platformErrors.idempotency_key_reused({});
  if (known.status === null) throw platformErrors.request_in_progress({});
  reply.header('idempotency-replayed', 'true').code(known.status);
  if (request.routeOptions.config.answersSecret && known.status < 300)
    throw platformErrors.answer_not_kept({});
  if (known.contentType !== null) reply.type(known.contentType);
  return reply.serializer((text: string) => text).send(known.body ?? '');
}

const callerOf = ({ kind, memberId, keyId }: Viewer): string =>
  kind === 'guest' ? kind : kind === 'machine' ? `key:${keyId}` : `member:${memberId}`;

/** What is known of the key; undefined when the request is ours to do. */
async function taken(
  tx: Tx,
  { caller, key, requestHash }: Keeping,
  now: Date,
): Promise<KeptAnswer | undefined> {
  const { rows: begun } = await sql`
    insert into platform.kept_answer as kept (caller, key, request_hash, begun_at)
    values (${caller}, ${key}, ${requestHash}, ${now})
    on conflict (caller, key) do update set begun_at = excluded.begun_at
      where kept.status is null and kept.request_hash = excluded.request_hash
        and kept.begun_at < excluded.begun_at - make_interval(secs => ${TRY_SECONDS})
    returning 1`.execute(tx);
  if (begun.length > 0) return undefined;
  const { rows } = await sql<KeptAnswer>`
    select request_hash as "requestHash", status, content_type as "contentType", body
    from platform.kept_answer where caller = ${caller} and key = ${key}`.execute(tx);
  // One that was forgotten between the two statements failed a moment ago.
  return rows[0] ?? { requestHash, status: null, contentType: null, body: null };
}

/** A cookie is for the browser that asked, once: such an answer is not given a second time. */
const isWorthKeeping = (reply: FastifyReply, payload: unknown): payload is string | null | undefined =>
  reply.statusCode < 500 &&
  reply.statusCode !== 429 &&
  reply.getHeader('set-cookie') === undefined &&
  (payload === null || payload === undefined || typeof payload === 'string') &&
  (payload?.length ?? 0) <= BODY_CHARACTERS_MAX;

async function keep(
  tx: Tx,
  { caller, key }: Keeping,
  reply: FastifyReply,
  body: string | null | undefined,
): Promise<void> {
  const contentType = reply.getHeader('content-type');
  await sql`
    update platform.kept_answer
    set status = ${reply.statusCode}, content_type = ${contentType === undefined ? null : String(contentType)},
      body = ${body ?? null}
    where caller = ${caller} and key = ${key}`.execute(tx);
}

async function forget(tx: Tx, { caller, key }: Keeping): Promise<void> {
  await sql`delete from platform.kept_answer where caller = ${caller} and key = ${key}`.execute(tx);
}

/** Job. A client that has not asked again within a day never will. */
export async function forgetAnswers({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - KEPT_HOURS * 3_600_000);
  await inTransaction(db, (tx) =>
    sql`delete from platform.kept_answer where begun_at < ${before}`.execute(tx),
  );
}

/** What was answered to a member may speak of them. */
export async function eraseAnswers(tx: Tx, memberId: string): Promise<void> {
  await sql`delete from platform.kept_answer where caller = ${`member:${memberId}`}`.execute(tx);
}
