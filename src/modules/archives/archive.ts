import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { dropStored } from '#modules/catalog/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { archiveErrors } from './errors.ts';

export const MAKE_ARCHIVE = 'archives.make';
/** How long an archive can be fetched. */
export const ARCHIVE_DAYS = 5;
/** What was deleted is in no archive any more within a day. */
const AFTER_DELETION_HOURS = 20;
export const ARCHIVE_FILE = 'archive.zip';

export interface Archive {
  id: string;
  askedAt: Date;
  madeAt: Date | null;
  expiresAt: Date | null;
  /** Where its file stands, once it is made; null when it is gone. */
  key: string | null;
  byteSize: number | null;
}

const columns = sql`id, asked_at as "askedAt", made_at as "madeAt", expires_at as "expiresAt", key,
  byte_size as "byteSize"`;

/** Asks for an archive of all that a member made; a job makes it. One at a time: another asked for meanwhile is that one. */
export async function askArchive(tx: Tx, memberId: string, id: string, now: Date): Promise<Archive> {
  const key = randomBytes(32).toString('hex');
  await sql`insert into archives.archive (id, member_id, asked_at, key) values (${id}, ${memberId}, ${now}, ${key})
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<Archive>`
    select ${columns} from archives.archive
    where member_id = ${memberId} and (id = ${id} or made_at is null)
    order by id = ${id} desc limit 1`.execute(tx);
  const [archive] = rows;
  if (!archive) throw archiveErrors.archive_differs({});
  if (archive.madeAt === null) await addJob(tx, MAKE_ARCHIVE, { archiveId: archive.id }, archive.id);
  return archive;
}

/** A member's archives, the latest first. */
export async function archivesOf(db: Db, memberId: string, max = 10): Promise<Archive[]> {
  const { rows } = await sql<Archive>`
    select ${columns} from archives.archive where member_id = ${memberId}
    order by asked_at desc, id desc limit ${max}`.execute(db);
  return rows;
}

/** An archive of theirs; refused as not there for anybody else. */
export async function archiveFor(db: Db, memberId: string, id: string): Promise<Archive> {
  const { rows } = await sql<Archive>`
    select ${columns} from archives.archive where id = ${id} and member_id = ${memberId}`.execute(db);
  if (!rows[0]) throw archiveErrors.archive_not_found({});
  return rows[0];
}

/** Whose archive is still to be made; undefined where it is made, or its member gone. */
export async function archiveToMake(
  db: Db,
  id: string,
): Promise<{ memberId: string; key: string } | undefined> {
  const { rows } = await sql<{ memberId: string; key: string }>`
    select member_id as "memberId", key from archives.archive where id = ${id} and made_at is null`.execute(
    db,
  );
  return rows[0];
}

/** Whether this made it, or another worker had before; or whether nobody wants it any more. */
export async function noteArchive(
  tx: Tx,
  id: string,
  byteSize: number,
  now: Date,
): Promise<'made' | 'known' | 'unwanted'> {
  const expiresAt = new Date(now.getTime() + ARCHIVE_DAYS * 86_400_000);
  const { rows } = await sql`
    update archives.archive set byte_size = ${byteSize}, made_at = ${now}, expires_at = least(expires_at, ${expiresAt})
    where id = ${id} and made_at is null returning id`.execute(tx);
  if (rows.length > 0) return 'made';
  const { rows: known } =
    await sql`select from archives.archive where id = ${id} and key is not null`.execute(tx);
  return known.length > 0 ? 'known' : 'unwanted';
}

/** Once somebody deleted something, what holds it still can be fetched for less than a day. */
export async function shortenArchives(tx: Tx, memberId: string, now: Date): Promise<void> {
  const end = new Date(now.getTime() + AFTER_DELETION_HOURS * 3_600_000);
  await sql`update archives.archive set expires_at = ${end}
    where member_id = ${memberId} and key is not null and (expires_at is null or expires_at > ${end})`.execute(
    tx,
  );
}

/** Job. Takes away the files of archives whose time is over. */
export async function forgetArchives({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ key: string }>`
      with over as (
        select id, key from archives.archive where key is not null and made_at is not null and expires_at <= ${now()}
        order by id for update skip locked
      )
      update archives.archive set key = null from over where archive.id = over.id
      returning over.key`.execute(tx);
    for (const { key } of rows) await dropStored(tx, key, [ARCHIVE_FILE]);
  });
}
