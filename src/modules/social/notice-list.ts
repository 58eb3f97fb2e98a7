import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { NOTICE_KINDS, type NoticeKind } from './notices.ts';
import { type Person, peopleOf } from './people.ts';

export interface NoticeLine {
  id: string;
  kind: NoticeKind;
  actor: Person | null;
  pieceId: string | null;
  data: Record<string, string | number | null>;
  at: Date;
  isSeen: boolean;
}

const PAGE = 30;
/** The bell says "99+" from here on: nobody counts further. */
const COUNTED_MAX = 100;

/** What a member may still look at, by people whom they meet, and has not switched off. */
const standing = sql`
  (notice.piece_id is null or exists (
    select from social.opened(notice.member_id, null) as seen where seen.id = notice.piece_id))
  and (notice.actor_id is null or (social.meet(notice.member_id, notice.actor_id)
    and not exists (select from social.mute where mute.member_id = notice.member_id and muted_id = notice.actor_id)))`;
const inPage = sql`not exists (select from social.notice_choice as choice
  where choice.member_id = notice.member_id and choice.kind = notice.kind and not in_page)`;

/** What a member was told, the latest first. */
export async function noticesOf(
  db: Db,
  memberId: string,
  cursor?: string,
): Promise<{ notices: NoticeLine[]; cursor: string | null }> {
  const { rows } = await sql<Omit<NoticeLine, 'actor'> & { actorId: string | null }>`
    select id, kind, actor_id as "actorId", piece_id as "pieceId", data, at, seen_at is not null as "isSeen"
    from social.notice
    where member_id = ${memberId} and (${cursor ?? null}::uuid is null or id < ${cursor ?? null}::uuid)
      and kind = any(${[...NOTICE_KINDS]}) and ${standing} and ${inPage}
    order by id desc limit ${PAGE + 1}`.execute(db);
  const page = rows.slice(0, PAGE);
  const people = await peopleOf(
    db,
    memberId,
    page.flatMap(({ actorId }) => actorId ?? []),
  );
  return {
    notices: page.map(({ actorId, ...notice }) => ({
      ...notice,
      actor: (actorId && people.get(actorId)) || null,
    })),
    cursor: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  };
}

/** How many of each member's notices wait to be seen, a hundred at most; of those that have any. */
export async function unseenOf(db: Db, memberIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ memberId: string; count: number }>`
    select asked.id as "memberId", waiting.count from unnest(${[...memberIds]}::uuid[]) as asked (id)
    cross join lateral (
      select count(*)::integer as count from (
        select from social.notice where member_id = asked.id and seen_at is null
          and kind = any(${[...NOTICE_KINDS]}) and ${standing} and ${inPage}
        limit ${COUNTED_MAX}
      ) as unseen
    ) as waiting where waiting.count > 0`.execute(db);
  return new Map(rows.map(({ memberId, count }) => [memberId, count]));
}

/** Has seen everything up to one of their notices, that one too. */
export async function seeNotices(tx: Tx, memberId: string, throughId: string, now: Date): Promise<void> {
  await sql`update social.notice set seen_at = ${now}
    where member_id = ${memberId} and seen_at is null and id <= ${throughId}`.execute(tx);
}

/** How a member wants to hear of a kind. */
export interface NoticeChoice {
  kind: NoticeKind;
  inPage: boolean;
  byMail: boolean;
}

/** For every kind there is; what was never chosen is on. */
export async function noticeChoices(db: Db, memberId: string): Promise<NoticeChoice[]> {
  const { rows } = await sql<NoticeChoice>`
    select kind, in_page as "inPage", by_mail as "byMail" from social.notice_choice where member_id = ${memberId}`.execute(
    db,
  );
  const chosen = new Map(rows.map((row) => [row.kind, row]));
  return NOTICE_KINDS.map((kind) => chosen.get(kind) ?? { kind, inPage: true, byMail: true });
}

export async function chooseNotices(
  tx: Tx,
  memberId: string,
  choices: readonly NoticeChoice[],
): Promise<void> {
  for (const { kind, inPage: page, byMail } of choices)
    await sql`insert into social.notice_choice (member_id, kind, in_page, by_mail)
      values (${memberId}, ${kind}, ${page}, ${byMail})
      on conflict (member_id, kind) do update set in_page = excluded.in_page, by_mail = excluded.by_mail`.execute(
      tx,
    );
}

/** Ends the mails about some kinds; in the page they are told of as before. */
export async function endMail(tx: Tx, memberId: string, kinds: readonly NoticeKind[]): Promise<void> {
  await sql`insert into social.notice_choice (member_id, kind, in_page, by_mail)
    select ${memberId}, kind, true, false from unnest(${[...kinds].sort()}::text[]) as kinds (kind)
    on conflict (member_id, kind) do update set by_mail = false`.execute(tx);
}

/** Members with something to be told by mail that came after what they were told of, by their ids. */
export async function membersToMail(db: Db, after: string | null, max: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct member_id as id from social.notice
    where seen_at is null and (${after}::uuid is null or member_id > ${after}::uuid)
    order by member_id limit ${max}`.execute(db);
  return rows.map(({ id }) => id);
}

/** What the daily mail tells; being asked for a review has a mail of its own, with the way to the form. */
export const DAILY_KINDS: readonly NoticeKind[] = NOTICE_KINDS.filter((kind) => kind !== 'review_asked');

/** What waits to be seen and told by mail, by kind, after a notice and up to the last. */
export async function toMail(
  db: Db,
  memberId: string,
  after: string | null,
  through: string | null = null,
): Promise<{ kinds: { kind: NoticeKind; count: number }[]; throughId: string | null }> {
  const { rows } = await sql<{ kind: NoticeKind; count: number; last: string }>`
    select kind, count(*)::integer as count, max(id::text) as last from social.notice
    where member_id = ${memberId} and seen_at is null and (${after}::uuid is null or id > ${after}::uuid)
      and (${through}::uuid is null or id <= ${through}::uuid)
      and kind = any(${[...DAILY_KINDS]}) and ${standing}
      and not exists (select from social.notice_choice as choice
        where choice.member_id = notice.member_id and choice.kind = notice.kind and not by_mail)
    group by kind order by count desc, kind`.execute(db);
  const last = rows.map((row) => row.last).sort();
  return { kinds: rows.map(({ kind, count }) => ({ kind, count })), throughId: last.at(-1) ?? null };
}
