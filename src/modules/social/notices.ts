import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';

/** What members are told of. Each can be switched off, in the page and by mail. */
export const NOTICE_KINDS = [
  'followed',
  'commented',
  'replied',
  'mentioned',
  'reacted',
  'invited',
  'saved',
  'suggested',
  'suggestion_accepted',
  'suggestion_declined',
  'suggestion_thanked',
  'remixed',
  'asked',
  'brand_asked',
  'answered',
  'review_asked',
  'review_replied',
  'archive_ready',
  'archive_taken',
  'price_dropped',
  'back_in_stock',
  'moderated',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface Told {
  memberId: string;
  kind: NoticeKind;
  actorId?: string;
  pieceId?: string;
  /** Ids and figures, no words: words are read where they stand, by who may see them. */
  data?: Record<string, string | number | null>;
}

/** From here to its end the transaction tells nobody of anything: what somebody brings along is no news to others. */
export async function quietly(tx: Tx): Promise<void> {
  await sql`select set_config('stoa.quiet', 'on', true)`.execute(tx);
}

/**
 * Tells a member of something, once; nobody of what they did themselves, nor of who is muted or does not meet them, nor
 * of what they switched off. Whether they may see the piece is asked when they look.
 */
export async function notify(tx: Tx, told: Told, now: Date): Promise<void> {
  const { memberId, kind, actorId = null, pieceId = null, data = {} } = told;
  if (actorId === memberId) return;
  await sql`
    insert into social.notice (id, member_id, kind, actor_id, piece_id, data, at)
    select ${newId(now.getTime())}, ${memberId}, ${kind}, ${actorId}::uuid, ${pieceId}::uuid, ${JSON.stringify(data)}::jsonb, ${now}
    where coalesce(current_setting('stoa.quiet', true), '') <> 'on'
      and not exists (select from social.mute where member_id = ${memberId} and muted_id = ${actorId}::uuid)
      and (${actorId}::uuid is null or social.meet(${memberId}::uuid, ${actorId}::uuid))
      and not exists (select from social.notice_choice
        where member_id = ${memberId} and kind = ${kind} and not in_page and not by_mail)
    on conflict do nothing`.execute(tx);
}

/** As `notify`, of what changes again and again: the latest takes the place of the one before. */
export async function notifyAnew(tx: Tx, told: Told, now: Date): Promise<void> {
  await sql`delete from social.notice where member_id = ${told.memberId} and kind = ${told.kind}
    and actor_id is not distinct from ${told.actorId ?? null}::uuid
    and piece_id is not distinct from ${told.pieceId ?? null}::uuid`.execute(tx);
  await notify(tx, told, now);
}

/** Of many at once: whom, and of which piece of theirs. */
export interface ToldMany {
  kind: NoticeKind;
  whom: readonly { memberId: string; pieceId: string }[];
  data: NonNullable<Told['data']>;
}

/** As `notifyAnew`, by nobody, for many: two statements for however many. */
export async function notifyManyAnew(tx: Tx, { kind, whom, data }: ToldMany, now: Date): Promise<void> {
  const asked = sql`unnest(${whom.map(() => newId(now.getTime()))}::uuid[], ${whom.map((each) => each.memberId)}::uuid[],
    ${whom.map((each) => each.pieceId)}::uuid[]) as asked (id, member_id, piece_id)`;
  await sql`delete from social.notice using ${asked}
    where notice.member_id = asked.member_id and notice.kind = ${kind} and notice.actor_id is null
      and notice.piece_id = asked.piece_id`.execute(tx);
  await sql`
    insert into social.notice (id, member_id, kind, piece_id, data, at)
    select asked.id, asked.member_id, ${kind}, asked.piece_id, ${JSON.stringify(data)}::jsonb, ${now} from ${asked}
    where not exists (select from social.notice_choice as choice
      where choice.member_id = asked.member_id and choice.kind = ${kind} and not in_page and not by_mail)
    order by asked.member_id
    on conflict do nothing`.execute(tx);
}
