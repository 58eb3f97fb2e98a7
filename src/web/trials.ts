import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import {
  type Choice,
  expose,
  runningExperiments,
  SEAMS,
  tieCart,
  tieMember,
  type Trial,
  trialAt,
  type VisitorSeam,
} from '#modules/experiments/index.ts';
import { readOnceIn } from '#platform/keep.ts';
import type { Deps } from '#platform/module.ts';
import { placeOf } from './shop/place-cookie.ts';

const VISITOR_COOKIE = 'stoa_visitor';
const HALF_YEAR_SECONDS = 182 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** An experiment that has stopped may be seen for this long after. */
const FRESH_MS = 2_000;
const NOTED_MAX = 50_000;
/** From one address, in each process: more than an office has. Whoever makes up browsers fills no table. */
export const EXPOSURES_AN_HOUR = 600;
const HOUR_MS = 3_600_000;
const ADDRESSES_MAX = 20_000;

declare module 'fastify' {
  interface FastifyReply {
    /**
     * What holds at a place that experiments may change: asked where it makes a difference, before anything of the page is made.
     * Whoever did not agree to be counted gets what it is without an experiment, and is not counted.
     */
    trial<Seam extends VisitorSeam>(seam: Seam): Promise<Choice<Seam>>;
    visitorId: string | null;
  }
}

type Needs = Pick<Deps, 'db' | 'reads' | 'now'>;

/** The random number of a browser that has been in an experiment. */
export function visitorOf({ cookies }: FastifyRequest): string | undefined {
  const id = cookies[VISITOR_COOKIE];
  return id && UUID.test(id) ? id : undefined;
}

export const forgetVisitor = (reply: FastifyReply): void =>
  void reply.clearCookie(VISITOR_COOKIE, { path: '/' });

export function decorateTrials(app: FastifyInstance, { db, reads, now }: Needs): void {
  const running = readOnceIn(FRESH_MS, now, () => runningExperiments(reads));
  const noted = new LRUCache<string, true>({ max: NOTED_MAX });
  const writtenFrom = new LRUCache<string, number>({ max: ADDRESSES_MAX, ttl: HOUR_MS });
  const mayWrite = (address: string): boolean => {
    const count = (writtenFrom.get(address) ?? 0) + 1;
    writtenFrom.set(address, count, { noUpdateTTL: true });
    return count <= EXPOSURES_AN_HOUR;
  };
  /** Once for each visitor: who was exposed before is not written down again. */
  const note = async (trial: Trial, visitorId: string, { viewer, ip }: FastifyRequest): Promise<boolean> => {
    const { memberId } = viewer;
    const name = [trial.experimentId, visitorId, memberId].join(' ');
    if (noted.has(name)) return true;
    if (!mayWrite(ip)) return false;
    const at = now();
    if (!(await expose(db, trial, visitorId, at))) return false;
    if (memberId !== undefined) await tieMember(db, memberId, visitorId, at);
    noted.set(name, true);
    return true;
  };
  app.decorateReply('visitorId', null);
  app.decorateReply('trial', async function tryAt<
    Seam extends VisitorSeam,
  >(this: FastifyReply, seam: Seam): Promise<Choice<Seam>> {
    const about = await this.describe();
    const choices: readonly Choice<Seam>[] = SEAMS[seam].choices;
    const [usual] = SEAMS[seam].choices;
    if (about.collecting.state !== 'on') return usual;
    try {
      const experiments = await running();
      if (!experiments.some((each) => each.seam === seam)) return usual;
      const known = visitorOf(this.request) ?? this.visitorId;
      const visitorId = known ?? randomUUID();
      const place = placeOf(this.request, about.format);
      const trial = trialAt(experiments, seam, visitorId, place?.countryCode);
      if (!trial || !(await note(trial, visitorId, this.request))) return usual;
      if (known === null) remember(this, visitorId);
      about.trials.push(trial);
      return choices.find((choice) => choice === trial.choice) ?? usual;
    } catch (error) {
      // A page without an experiment beats no page.
      this.request.log.warn(error, 'an experiment was left out');
      return usual;
    }
  });
}

function remember(reply: FastifyReply, visitorId: string): void {
  reply.visitorId = visitorId;
  const secure = reply.request.protocol === 'https';
  reply.setCookie(VISITOR_COOKIE, visitorId, {
    path: '/',
    maxAge: HALF_YEAR_SECONDS,
    httpOnly: true,
    sameSite: 'lax',
    secure,
  });
}

/** Before a cart is ordered: what is bought counts for the visitor who was shown something. */
export async function tieBuyer(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  request: FastifyRequest,
  reply: FastifyReply,
  cartId: string,
): Promise<void> {
  const visitorId = visitorOf(request);
  if (visitorId === undefined || (await reply.describe()).collecting.state !== 'on') return;
  await tieCart(db, cartId, visitorId, now());
}
