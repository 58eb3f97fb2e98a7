import { createHmac, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { consentOf, mailMember } from '#modules/identity/index.ts';
import { DAILY_KINDS, endMail, membersToMail, toMail } from '#modules/social/index.ts';
import { mailedLink } from '#platform/mailed-links.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { digestText } from './digest-texts.ts';

const BATCH = 500;
const BATCHES_MAX = 10_000;
const SEND = 'feed.send_digest';
/** What sells something is mailed only to those who agreed to it. */
const OFFERS = ['price_dropped', 'back_in_stock'];

/**
 * Job, each day. Queues a mail to each member who has not seen what they were told of since the last mail. The mail's
 * job and how far it reaches are written together, so a run that was cut short leaves nobody told twice, nor not at all.
 */
export async function makeDigests({ db, now }: Deps): Promise<void> {
  let after: string | null = null;
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const members: string[] = await membersToMail(db, after, BATCH);
    for (const memberId of members) await inTransaction(db, (tx) => queue(tx, memberId, now()));
    after = members.at(-1) ?? null;
    if (members.length < BATCH) return;
  }
}

async function queue(tx: Tx, memberId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ throughId: string }>`
    select through_id as "throughId" from feed.digest where member_id = ${memberId} for update`.execute(tx);
  const afterId = rows[0]?.throughId ?? null;
  const { throughId } = await toMail(tx, memberId, afterId);
  if (throughId === null) return;
  await sql`insert into feed.digest (member_id, through_id, made_at) values (${memberId}, ${throughId}, ${now})
    on conflict (member_id) do update set through_id = excluded.through_id, made_at = excluded.made_at`.execute(
    tx,
  );
  await addJob(tx, SEND, { memberId, afterId, throughId }, `${memberId} ${throughId}`);
}

const Digest = Type.Object({
  memberId: Type.String(),
  afterId: Type.Union([Type.String(), Type.Null()]),
  throughId: Type.String(),
});

/** Job. What was seen meanwhile, or is not there for them any more, is left out: a mail of nothing is not sent. */
export async function sendDigest(deps: Deps, payload: unknown): Promise<void> {
  const { memberId, afterId, throughId } = Value.Parse(Digest, payload);
  const { db, config } = deps;
  const { kinds } = await toMail(db, memberId, afterId, throughId);
  const { personalization } = await consentOf(db, { memberId });
  const told = kinds.filter(({ kind }) => personalization || !OFFERS.includes(kind));
  if (told.length === 0) return;
  const link = (path: string) => new URL(path, config.publicUrl).href;
  const off = link(`/notices/mail-off?member=${memberId}&token=${mailOffToken(deps, memberId)}`);
  const paragraphs = [
    digestText('intro', { shop: config.shopName }),
    told.map(({ kind, count }) => `- ${digestText(kind, { count })}`).join('\n'),
    mailedLink(config, link('/notices'), { kind: 'member', id: memberId }),
    digestText('off'),
    off,
  ];
  await mailMember(deps, memberId, digestText('subject', { shop: config.shopName }), paragraphs, off);
}

/** Opens nothing but the switch: it is good for as long as the shop's secret, since old mails are opened late. */
const mailOffToken = ({ config }: Pick<Deps, 'config'>, memberId: string): string =>
  createHmac('sha256', config.secret).update(`notices by mail ${memberId}`).digest('base64url');

/** Switches off by mail all that the daily mail tells; false where the token is not that member's. */
export async function stopMail(
  deps: Pick<Deps, 'db' | 'config'>,
  memberId: string,
  token: string,
): Promise<boolean> {
  const [given, right] = [Buffer.from(token), Buffer.from(mailOffToken(deps, memberId))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
  await inTransaction(deps.db, (tx) => endMail(tx, memberId, DAILY_KINDS));
  return true;
}
