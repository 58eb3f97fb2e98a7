import { randomInt } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { profileChanged } from '#events/social.ts';
import type { Picture } from '#modules/catalog/index.ts';
import { type Db, type Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { hasCode } from '#platform/start-fault.ts';
import { socialErrors } from './errors.ts';
import { pictureOf } from './photos.ts';
import { cleanWords } from './words.ts';

/** How somebody shows themselves. */
export interface Person {
  memberId: string;
  handle: string;
  name: string;
  bio: string;
  picture: Picture | null;
}

export interface Profile extends Person {
  followers: number;
  following: number;
  isFollowed: boolean;
  isMuted: boolean;
  isSelf: boolean;
}

/** Names that would be taken for the shop's own. */
const RESERVED = new Set([
  'stoa',
  'admin',
  'administrator',
  'moderator',
  'staff',
  'support',
  'help',
  'shop',
  'service',
]);
const HANDLE = /^[a-z0-9_]{3,30}$/;
const UNIQUE_VIOLATION = '23505';
const NAME_MAX = 60;
const BIO_MAX = 300;

const personColumns = sql`profile.member_id as "memberId", profile.handle, profile.name, profile.bio,
  ${pictureOf(sql`profile.photo_id`)} as picture`;

/** The same as one value, by an expression for the member: null of whom `viewer` does not meet, and who shows nothing. */
export const personOf = (
  memberId: RawBuilder<unknown>,
  viewer: string | undefined,
): RawBuilder<unknown> => sql`(
  select json_build_object('memberId', profile.member_id, 'handle', profile.handle, 'name', profile.name,
    'bio', profile.bio, 'picture', ${pictureOf(sql`profile.photo_id`)})
  from social.profile as profile where member_id = ${memberId}
    ${viewer === undefined ? sql`` : sql`and social.meet(member_id, ${viewer}::uuid)`})`;

/** The people behind numbers, those who show themselves; `viewer` does not meet whom they block, nor who blocks them. */
export async function peopleOf(
  db: Db,
  viewer: string | undefined,
  memberIds: readonly string[],
): Promise<Map<string, Person>> {
  if (memberIds.length === 0) return new Map();
  const { rows } = await sql<Person>`
    select ${personColumns} from social.profile as profile
    where member_id = any((select ${[...memberIds]}::uuid[])::uuid[])
      and (${viewer ?? null}::uuid is null or social.meet(member_id, ${viewer ?? null}::uuid))`.execute(db);
  return new Map(rows.map((row) => [row.memberId, row]));
}

/** A profile by its handle, as somebody sees it. Who does not meet them learns no more than of a name nobody has. */
export async function profileOf(db: Db, viewer: string | undefined, handle: string): Promise<Profile> {
  const self = viewer ?? null;
  const { rows } = await sql<Profile>`
    select ${personColumns},
      coalesce((select followers from social.followed where kind = 'member' and target_id = profile.member_id), 0) as followers,
      (select count(*)::integer from social.follow where follower_id = profile.member_id and kind = 'member') as following,
      exists (select from social.follow where follower_id = ${self}::uuid and kind = 'member'
        and target_id = profile.member_id) as "isFollowed",
      exists (select from social.mute where member_id = ${self}::uuid and muted_id = profile.member_id) as "isMuted",
      coalesce(profile.member_id = ${self}::uuid, false) as "isSelf"
    from social.profile as profile
    where handle = ${handle.toLowerCase()}
      and (${self}::uuid is null or social.meet(member_id, ${self}::uuid))`.execute(db);
  const [profile] = rows;
  if (!profile) throw socialErrors.person_not_found({});
  return profile;
}

/** With the photo that their picture is made of, ready or not. */
interface OwnPerson extends Person {
  photoId: string | null;
}

/** Of a member who shows themselves for the first time: made from the account's name, for them to change. */
export async function ownProfile(
  tx: Tx,
  memberId: string,
  accountName: string,
  now: Date,
): Promise<OwnPerson> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await sql<OwnPerson>`
      select ${personColumns}, profile.photo_id as "photoId" from social.profile as profile
      where member_id = ${memberId}`.execute(tx);
    if (rows[0]) return rows[0];
    if (attempt > 5) throw new Error('no handle was free');
    const name = shownName(accountName);
    await sql`
      insert into social.profile (member_id, handle, name, made_at)
      values (${memberId}, ${handleFrom(name)}, ${name}, ${now}) on conflict do nothing`.execute(tx);
  }
}

/** An account's name as others may see it: without what turns text around, as everything that members write. */
function shownName(accountName: string): string {
  const typed = accountName.slice(0, NAME_MAX);
  return /[\p{L}\p{N}]/u.test(typed) ? cleanWords(typed, NAME_MAX).replaceAll(/\s+/g, ' ') : 'Somebody';
}

/** Letters and digits of a name, and a number of chance: nobody's handle tells how many of the name there are. */
function handleFrom(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase();
  const letters = plain.replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return `${letters.slice(0, 22) || 'somebody'}_${randomInt(1000, 1_000_000)}`;
}

export interface ProfileWish {
  handle: string;
  name: string;
  bio: string;
  photoId: string | null;
}

export async function changeProfile(tx: Tx, memberId: string, wish: ProfileWish): Promise<void> {
  const handle = wish.handle.trim().toLowerCase();
  if (!HANDLE.test(handle) || RESERVED.has(handle)) throw socialErrors.handle_invalid({});
  const name = cleanWords(wish.name, NAME_MAX).replaceAll(/\s+/g, ' ');
  const bio = wish.bio.trim() === '' ? '' : cleanWords(wish.bio, BIO_MAX);
  try {
    const { numAffectedRows } = await sql`
      update social.profile set handle = ${handle}, name = ${name}, bio = ${bio}, photo_id = ${wish.photoId}
      where member_id = ${memberId} and (${wish.photoId}::uuid is null
        or exists (select from social.photo where id = ${wish.photoId}::uuid and owner_id = ${memberId} and media_id is not null))`.execute(
      tx,
    );
    if (numAffectedRows !== 1n) throw socialErrors.photo_not_found({});
    if (wish.photoId !== null) await emit(tx, profileChanged, { memberId });
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw socialErrors.handle_taken({});
    throw error;
  }
}

/** Takes away what somebody says of themselves, their picture and their name: it must not stand. */
export async function clearProfile(tx: Tx, memberId: string): Promise<void> {
  await sql`update social.profile set name = 'Somebody', bio = '', photo_id = null, handle = ${handleFrom('')}
    where member_id = ${memberId}`.execute(tx);
}

/** The members of these handles, for words that mention them. */
export async function membersOfHandles(db: Db, handles: readonly string[]): Promise<Map<string, string>> {
  if (handles.length === 0) return new Map();
  const { rows } = await sql<{ handle: string; memberId: string }>`
    select handle, member_id as "memberId" from social.profile where handle = any(${[...handles]})`.execute(
    db,
  );
  return new Map(rows.map(({ handle, memberId }) => [handle, memberId]));
}
