import type { FastifyRequest } from 'fastify';
import { isNotMoreOpen, refusePaused, socialErrors } from './modules/social/index.ts';
import type { Access } from '#platform/access.ts';
import { withProblem } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';

/** Where people say, make and change what others see. */
const CONVERSATION = [
  /^\/v1\/(social|boards|looks|posts|reviews|archives|made|safety\/reports)\//,
  /^\/(boards|pins|posts|looks|suggestions|said|felt|words|reviews|save|follow|p|report)(\/|$)/,
  /^\/account\/(profile|data\/imports|made\/selected)/,
];

/** What a paused member may go on doing there: delete, take away, leave, keep away from people, buy, take along. */
const STAYS_OPEN = [
  /\/(delete|remove|withdraw|leave|off|buy|stop)$/,
  /^\/v1\/made\/deletions$/,
  /^\/v1\/social\/(blocks|mutes|notices)\//,
  /^\/v1\/reviews\/questions\/:id\/follow$/,
  /^\/v1\/archives\/.*\/archives\/:id$/,
];

/** What is done all day asks for its ability itself, which nobody has who is paused: it is not asked twice. */
const ASKS_ITSELF =
  /^\/v1\/(boards\/pins\/:id(\/from\/:savedFrom)?|social\/comments\/:id|social\/pieces\/:id\/reaction|reviews\/votes\/:id)$|^\/(said|felt|save)$/;

/**
 * A member whom a moderator has paused changes nothing of what stands either. It is asked here for every route there is, so
 * that a new one need not think of it; `test/paused.test.ts` tries them all.
 */
export async function refuseWhilePaused(
  deps: Pick<Deps, 'db' | 'now'>,
  { method, routeOptions, viewer, body, params }: FastifyRequest,
): Promise<void> {
  const { url = '' } = routeOptions;
  if (viewer.kind !== 'member' || viewer.memberId === undefined) return;
  if (!changesConversation(method, url)) return;
  if (ASKS_ITSELF.test(url) && method !== 'PATCH') return;
  try {
    await refusePaused(deps, viewer.memberId);
  } catch (refusal) {
    if (await takesAway(deps, viewer.memberId, url, { ...fieldsOf(params), ...fieldsOf(body) })) return;
    throw refusal;
  }
}

const changesConversation = (method: string, url: string): boolean =>
  !['GET', 'HEAD', 'DELETE'].includes(method) &&
  CONVERSATION.some((part) => part.test(url)) &&
  !STAYS_OPEN.some((part) => part.test(url));

/** For the description of the API: what is refused above stands at each route where that may be. */
export function withPausedRefusal<Schema extends { response?: unknown }>(
  schema: Schema,
  url: string,
  { method, config }: { method: string | string[]; config?: { access?: Access } },
): Schema {
  const isForPeople = [config?.access ?? []].flat().some((rule) => !rule.startsWith('scope:'));
  if (!isForPeople || !url.startsWith('/v1/') || !changesConversation(String(method), url)) return schema;
  return { ...schema, response: withProblem(schema.response, socialErrors.suspended) };
}

const fieldsOf = (sent: unknown): Record<string, unknown> =>
  typeof sent === 'object' && sent !== null ? Object.fromEntries(Object.entries(sent)) : {};

/** Who deletes things on the page of all that they made, or shows them to fewer, does nothing else. */
async function takesAway(
  { db }: Pick<Deps, 'db'>,
  memberId: string,
  url: string,
  sent: Record<string, unknown>,
): Promise<boolean> {
  const isOfMany = url === '/v1/made/visibility' || url === '/account/made/selected';
  if (url === '/account/made/selected' && sent['act'] === 'delete') return true;
  const isOfOne =
    url === '/v1/boards/boards/:id' &&
    Object.keys(sent).every((name) => name === 'id' || name === 'visibility');
  // The form of a board sends its words along: what it says they were is not written.
  const isByForm =
    url === '/boards/:id/change' &&
    typeof sent['name'] === 'string' &&
    typeof sent['description'] === 'string' &&
    sent['name'] === sent['wasName'] &&
    sent['description'] === sent['wasDescription'];
  const { visibility } = sent;
  const ids = [isOfMany ? sent['ids'] : sent['id']].flat().filter(isId);
  if ((!isOfMany && !isOfOne && !isByForm) || typeof visibility !== 'string' || ids.length === 0)
    return false;
  return isNotMoreOpen(db, memberId, ids, visibility);
}

const isId = (sent: unknown): sent is string =>
  typeof sent === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(sent);
